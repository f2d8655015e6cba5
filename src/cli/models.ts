/** `npm run models`: what is in the catalogue and on this machine. */
import { CommanderError } from "commander";
import type { ExitReason } from "./exit.ts";
import { modelsCommand } from "./models-command.ts";
import { runProgram } from "./program.ts";

await runProgram(async (interrupts) => {
  let reason: ExitReason = "ok";
  try {
    await modelsCommand(interrupts, (end) => (reason = end)).parseAsync();
  } catch (error) {
    // Commander has said what is wrong, or shown its help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? "ok" : "usage";
    throw error;
  }
  return reason;
});
