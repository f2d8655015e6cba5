import type { CommandContext, PageCommand } from "./command.ts";
import { isIdle } from "./conditions.ts";

const canTravel =
  (way: "undo" | "redo") =>
  (context: CommandContext): boolean =>
    isIdle(context) && context.session.store.getState().history[way] !== undefined;

export const editCommands: readonly PageCommand[] = [
  {
    id: "edit.undo",
    title: "Undo",
    group: "Modify",
    keys: ["mod+z"],
    isEnabled: canTravel("undo"),
    run: ({ session }) => void session.undo(),
  },
  {
    id: "edit.redo",
    title: "Redo",
    group: "Modify",
    keys: ["mod+shift+z", "mod+y"],
    isEnabled: canTravel("redo"),
    run: ({ session }) => void session.redo(),
  },
];
