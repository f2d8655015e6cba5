/** What `npm run bench` takes. */
import { Command, Option } from "commander";
import { usageError } from "../cli/exit.ts";
import { numberIn } from "../cli/values.ts";
import { ROW_NAMES } from "./suite.ts";

export interface BenchOptions {
  readonly repeat?: number;
  readonly scenes?: readonly string[];
  readonly only?: readonly string[];
  readonly size?: number;
  readonly model?: string;
  readonly provider: "auto" | "webgpu" | "wasm";
  readonly json?: string;
}

/** Timed calls where none are asked for. On a software adapter each takes long, and says little. */
export const REPEAT = { gpu: 30, software: 5 };

const EXAMPLES = `
Rows:
  ${ROW_NAMES.join("\n  ")}

Examples:
  Everything, on the scenes that come with the project:
    npm run bench

  The rasterizer on a scene of your own, at the size of Stable Diffusion's pictures:
    npm run bench -- --only raster --scenes garden.ply --size 512 --repeat 100

  Stable Diffusion's networks, from a folder in the diffusers ONNX layout, kept to compare with:
    npm run bench -- --only encoder,unet,bridge --model ~/models/sd15-onnx --json sd15.json

The rasterizer's rows tell its passes too where the device has timestamp queries. Times are noisy on a machine that does
other work meanwhile; ratios within one run less so.
`;

/** The program's arguments; parsing throws commander's errors. */
export function benchCommand(): Command {
  return new Command("bench")
    .usage("[options]")
    .description("Measures the engine, part by part and a whole step, on the adapter that is there.")
    .option("--repeat <number>", timedCalls(), numberIn(1, 10_000, true))
    .option("--scenes <names>", "synthetic-10k, -100k, -1m, a demo scene, a .ply file; with commas", words)
    .option("--only <rows>", "rows whose name has one of these in it; with commas", words)
    .option(
      "--size <pixels>",
      "side of the images (default: what the model was trained on)",
      numberIn(64, 2048, true),
    )
    .option("--model <folder>", "model in the diffusers ONNX layout (default: the embedded one)")
    .addOption(
      new Option("--provider <name>", "where the model runs")
        .choices(["auto", "webgpu", "wasm"])
        .default("auto"),
    )
    .option("--json <file>", "write everything, each sample too")
    .helpOption("-h, --help", "show this")
    .addHelpText("after", EXAMPLES)
    .exitOverride();
}

const timedCalls = (): string =>
  `timed calls of each row (default: ${REPEAT.gpu}, or ${REPEAT.software} on a software adapter)`;

/** The parts of a list with commas. */
export const words = (list: string): readonly string[] =>
  list
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);

/** Which rows are asked for. Throws a usage error for words that no row has. */
export function rowFilter(only: readonly string[] | undefined): (row: string) => boolean {
  if (!only) return () => true;
  for (const word of only) {
    if (ROW_NAMES.some((row) => row.includes(word))) continue;
    throw usageError(`No row has “${word}” in its name.`, `There are ${ROW_NAMES.join(", ")}.`);
  }
  return (row) => only.some((word) => row.includes(word));
}
