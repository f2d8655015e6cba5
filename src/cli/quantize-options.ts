/** What `npm run quantize` takes. */
import { Command, Option } from "commander";
import type { LinearForm, WeightFormat } from "../onnx/quantize/quantize.ts";
import { EXIT } from "./exit.ts";
import { numberIn } from "./values.ts";

export interface QuantizeCliOptions {
  readonly output: string;
  readonly weights: WeightFormat;
  readonly text: WeightFormat | undefined;
  readonly vae: WeightFormat;
  readonly linear: LinearForm;
  readonly measure: boolean;
  readonly maxNoise?: number;
  readonly quiet?: true;
}

const FORMATS: readonly WeightFormat[] = ["int8", "int4", "float16", "keep"];

const EXAMPLES = `
Examples:
  Stable Diffusion for the browser, a quarter of its size in float32:
    npm run quantize -- ~/models/sd15-onnx -o ~/models/sd15-int8 --linear fused

  The embedded model; exit code 6 where the gradient of an edit changes by more than 2 %:
    npm run quantize -- exported -o models/mini --vae int8 --max-noise 2
`;

const exitTable = (): string =>
  [
    "Exit codes:",
    ...Object.values(EXIT).map(({ code, means }) => `  ${String(code).padEnd(4)} ${means}`),
  ].join("\n");

/** The program's arguments; parsing throws commander's errors. */
export function quantizeCommand(): Command {
  return new Command("quantize")
    .usage("<folder> -o <folder> [options]")
    .description("Writes a model folder (diffusers ONNX layout) anew with its weights in fewer bits.")
    .argument("[folder]", "model folder to read")
    .requiredOption(
      "-o, --output <folder>",
      "folder to write; its networks are replaced, its splatsmith.json and README.md kept",
    )
    .addOption(format("-w, --weights <format>", "weights of the UNet", "int8"))
    .addOption(format("--text <format>", "weights of the text encoder (default: as the UNet's)"))
    .addOption(format("--vae <format>", "weights of the VAE, which suffers more than it saves", "float16"))
    .addOption(
      new Option(
        "--linear <form>",
        "how products are stored: dequantize runs anywhere, fused is fast on WebGPU",
      )
        .choices(["dequantize", "fused"] satisfies LinearForm[])
        .default("dequantize"),
    )
    .option("--no-measure", "do not run both UNets to tell how much the gradient of an edit changes")
    .option("--max-noise <percent>", "fail where the gradient changes by more", numberIn(0, 100))
    .option("-q, --quiet", "no progress")
    .helpOption("-h, --help", "show this")
    .addHelpText("after", () => `${EXAMPLES}\n${exitTable()}`)
    .exitOverride();
}

function format(flags: string, description: string, otherwise?: WeightFormat): Option {
  const option = new Option(flags, description).choices(FORMATS);
  return otherwise ? option.default(otherwise) : option;
}
