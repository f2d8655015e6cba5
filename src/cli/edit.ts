/** `npm run edit`: the engine of the page, in Node. */
import { CommanderError, InvalidArgumentError } from "commander";
import { editCommand } from "./edit-options.ts";
import type { EditOptions } from "./edit-options.ts";
import { usageError } from "./exit.ts";
import { listEverything } from "./list.ts";
import { runProgram } from "./program.ts";
import { runEdit } from "./run-edit.ts";

await runProgram(async (interrupts) => {
  const command = editCommand();
  try {
    command.parse();
    const options = command.opts<EditOptions>();
    if (options.list) {
      console.log(listEverything());
      return "ok";
    }
    const [scene, ...more] = command.args;
    if (!scene) throw usageError("Which scene?", "Give a .ply file, or --help to see how it goes.");
    if (more.length) throw usageError(`One scene at a time; what about “${more.join(" ")}”?`);
    return await runEdit(scene, options, interrupts);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw usageError(error.message);
    // Commander has said what is wrong, or shown its help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? "ok" : "usage";
    throw error;
  }
});
