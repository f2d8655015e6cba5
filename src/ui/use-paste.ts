import { useEffect } from "react";
import { looksLikeAddress } from "../editor/scene-address.ts";
import type { CommandContext } from "../editor/commands/command.ts";
import { isIdle } from "../editor/commands/conditions.ts";

/** Opens an address or a file that is pasted anywhere but in a text field. */
export function usePaste(context: CommandContext): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const { target, clipboardData } = event;
      const isText = target instanceof HTMLElement && target.matches("input, textarea");
      if (isText || !clipboardData || !isIdle(context)) return;
      const [file] = clipboardData.files;
      const text = clipboardData.getData("text/plain");
      if (file) void context.session.openFile(file);
      else if (looksLikeAddress(text)) void context.session.openAddress(text);
      else return;
      event.preventDefault();
    };
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, [context]);
}
