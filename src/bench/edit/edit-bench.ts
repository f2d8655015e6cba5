/** `npm run bench:edit`: which distillation method edits best with the model that is there. */
import { CommanderError } from "commander";
import { runProgram } from "../../cli/program.ts";
import { editBenchCommand } from "./edit-options.ts";
import type { EditBenchOptions } from "./edit-options.ts";
import { runEditBench } from "./run-edit-bench.ts";

await runProgram(async (interrupts) => {
  const command = editBenchCommand();
  try {
    command.parse();
  } catch (error) {
    // Commander has said what is wrong, or shown its help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? "ok" : "usage";
    throw error;
  }
  return runEditBench(command.opts<EditBenchOptions>(), interrupts);
});
