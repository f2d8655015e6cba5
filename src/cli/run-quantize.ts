import { resolve } from "node:path";
import { diskFolder } from "../diffusion/folder-source.node.ts";
import { measureFolders } from "../diffusion/measure-folders.ts";
import type { NoiseReport } from "../diffusion/quantization-noise.ts";
import { quantizeFolder } from "../diffusion/quantize-folder.ts";
import type { PartReport } from "../diffusion/quantize-folder.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import { bytesInWords } from "../formats/words.ts";
import { diskSink } from "./disk-sink.ts";
import { stage, usageError } from "./exit.ts";
import type { ExitReason } from "./exit.ts";
import type { Interrupts } from "./program.ts";
import type { QuantizeCliOptions } from "./quantize-options.ts";

const PROGRESS_INTERVAL = 5_000; // ms

/** Quantizes a folder, tells what became of each part and, unless that is not wanted, of the gradient of an edit. */
export async function runQuantize(
  input: string,
  options: QuantizeCliOptions,
  interrupts: Interrupts,
): Promise<ExitReason> {
  const { output, weights, text = weights, vae, linear } = options;
  if (resolve(input) === resolve(output)) throw usageError("Input and output are the same folder.");
  const stop = new AbortController();
  interrupts.onRequest(() => stop.abort());

  let due = performance.now() + PROGRESS_INTERVAL;
  const reports = await stage("badInput", () =>
    quantizeFolder(diskFolder(input), diskSink(output), {
      formats: { unet: weights, text_encoder: text, vae_encoder: vae, vae_decoder: vae },
      linear,
      signal: stop.signal,
      onProgress(part, done, total) {
        if (options.quiet || performance.now() < due) return;
        due = performance.now() + PROGRESS_INTERVAL;
        console.error(`${part}: ${bytesInWords(done)} of ${bytesInWords(total)}`);
      },
    }),
  );
  console.log(reports.map(line).join("\n"));
  if (!options.measure) return "ok";

  useNodeRuntime();
  const noise = await stage("badInput", () =>
    measureFolders(diskFolder(input), diskFolder(output), { backend: { provider: "wasm" } }),
  );
  console.log(describeNoise(noise));
  return options.maxNoise !== undefined && noise.error * 100 > options.maxNoise ? "tooNoisy" : "ok";
}

const line = ({ part, format, before, after }: PartReport): string =>
  `${part.padEnd(14)} ${format.padEnd(8)} ${bytesInWords(before).padStart(9)} → ${bytesInWords(after)}`;

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

const describeNoise = ({ error, worst, timesteps }: NoiseReport): string =>
  [
    `Change of SSD's latent gradient: ${percent(error)} (relative L2; the worst of all moments ${percent(worst)})`,
    ...timesteps.map((row) => `  t = ${row.t}: ${percent(row.error)}`),
  ].join("\n");
