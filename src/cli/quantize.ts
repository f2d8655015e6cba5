/** `npm run quantize`: a model folder with its weights in fewer bits. */
import { CommanderError } from "commander";
import { usageError } from "./exit.ts";
import { runProgram } from "./program.ts";
import { quantizeCommand } from "./quantize-options.ts";
import type { QuantizeCliOptions } from "./quantize-options.ts";
import { runQuantize } from "./run-quantize.ts";

await runProgram(async (interrupts) => {
  const command = quantizeCommand();
  try {
    command.parse();
    const [folder, ...more] = command.args;
    if (!folder) throw usageError("Which model folder?", "Give one, or --help to see how it goes.");
    if (more.length) throw usageError(`One folder at a time; what about “${more.join(" ")}”?`);
    return await runQuantize(folder, command.opts<QuantizeCliOptions>(), interrupts);
  } catch (error) {
    // Commander has said what is wrong, or shown its help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? "ok" : "usage";
    throw error;
  }
});
