import { useEffect } from "react";
import { chordOf } from "../editor/commands/chord.ts";
import { isEnabled, type CommandContext, type PageCommand } from "../editor/commands/command.ts";
import { chordsOf } from "../editor/commands/keymap.ts";
import { COMMANDS } from "../editor/commands/table.ts";
import { IS_MAC } from "./platform.ts";

/**
 * Runs commands by their keys. Text fields keep all of theirs, dialogs too, and a focused button keeps Space and
 * Enter. A command that lasts while its key is held ends when the key goes up or the window loses the keyboard.
 */
export function useShortcuts(context: CommandContext): void {
  useEffect(() => {
    const held = new Map<string, PageCommand>(); // by physical key

    const down = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isOwnKey(event)) return;
      const chord = chordOf(event, IS_MAC);
      const { keys, navigation, dialog } = context.page.getState();
      if (dialog !== undefined) return; // it may not have the focus yet
      if (!chord || (navigation === "fly" && FLY_KEYS.has(event.code) && !chord.includes("mod"))) return;
      const wanted = COMMANDS.filter((command) => chordsOf(command, keys).includes(chord));
      const command = wanted.find((candidate) => isEnabled(candidate, context));
      // Even when it makes no sense now: Ctrl+S must not save the page instead.
      if (wanted.length > 0) event.preventDefault();
      if (!command || (event.repeat && !command.repeats)) return;
      if (command.release) held.set(event.code, command);
      command.run(context);
    };
    const up = ({ code }: KeyboardEvent): void => {
      held.get(code)?.release?.(context);
      held.delete(code);
    };
    const blur = (): void => {
      for (const command of held.values()) command.release?.(context);
      held.clear();
    };

    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", blur);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", blur);
    };
  }, [context]);
}

/** Physical keys that move the camera while it flies. */
const FLY_KEYS = new Set(["KeyW", "KeyA", "KeyS", "KeyD", "KeyQ", "KeyE"]);

/** Whether the focused element wants this key for itself. */
function isOwnKey(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('[role="dialog"], [role="menu"]')) return true;
  if (target.matches("textarea, select")) return true;
  if (target instanceof HTMLInputElement) {
    const isText = !["range", "checkbox", "radio", "button"].includes(target.type);
    return isText || (CONTROL_KEYS.has(key) && !event.ctrlKey && !event.metaKey);
  }
  return (
    target.matches("button, summary, a, [role=tab]") &&
    (key === " " || key === "Enter") &&
    !event.ctrlKey &&
    !event.metaKey
  );
}

const CONTROL_KEYS = new Set([" ", "Enter", "Home", "End", "PageUp", "PageDown"]);
