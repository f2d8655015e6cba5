import { useImperativeHandle, useRef, type Ref } from "react";
import { ACCEPT } from "./pick-files.ts";
import { useSession } from "./session-context.ts";

export interface FileInputHandle {
  /** Lets the user choose a file, to open it or to add it to what is open. */
  open(purpose: "open" | "add"): void;
}

/** The browser's own way to choose a file; it has to be in the page to be asked. */
export function FileInput({ ref }: { readonly ref: Ref<FileInputHandle> }) {
  const session = useSession();
  const input = useRef<HTMLInputElement>(null);
  const purpose = useRef<"open" | "add">("open");
  useImperativeHandle(
    ref,
    () => ({
      open(next) {
        purpose.current = next;
        input.current?.click();
      },
    }),
    [],
  );
  return (
    <input
      ref={input}
      type="file"
      accept={ACCEPT}
      hidden
      aria-label="Scene file"
      onChange={(event) => {
        const [file] = event.target.files ?? [];
        event.target.value = ""; // so that the same file can be chosen again
        if (file) void (purpose.current === "add" ? session.addFile(file) : session.openFile(file));
        purpose.current = "open";
      }}
    />
  );
}
