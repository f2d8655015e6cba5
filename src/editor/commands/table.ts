import type { PageCommand } from "./command.ts";
import { documentCommands } from "./document-commands.ts";
import { editCommands } from "./edit-commands.ts";
import { fileCommands } from "./file-commands.ts";
import { helpCommands } from "./help-commands.ts";
import { runCommands } from "./run-commands.ts";
import { toolCommands } from "./tool-commands.ts";
import { viewCommands } from "./view-commands.ts";

/** Everything the page can do. Palette, menus, shortcuts and the sheet of keys derive from this table. */
export const COMMANDS: readonly PageCommand[] = [
  ...fileCommands,
  ...editCommands,
  ...runCommands,
  ...toolCommands,
  ...documentCommands,
  ...viewCommands,
  ...helpCommands,
];
