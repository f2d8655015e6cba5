/** `npm run bench`: how long the engine's parts take, on the adapter that is there. */
import { CommanderError } from "commander";
import { runProgram } from "../cli/program.ts";
import { benchCommand } from "./options.ts";
import type { BenchOptions } from "./options.ts";
import { runBench } from "./run-bench.ts";

await runProgram(async (interrupts) => {
  const command = benchCommand();
  try {
    command.parse();
  } catch (error) {
    // Commander has said what is wrong, or shown its help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? "ok" : "usage";
    throw error;
  }
  return runBench(command.opts<BenchOptions>(), interrupts);
});
