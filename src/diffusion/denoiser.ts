import { assert } from "../core/assert.ts";
import { pause } from "../core/pause.ts";
import { tensor } from "../core/tensor.ts";
import type { Tensor } from "../core/tensor.ts";
import { callSize } from "./batches.ts";
import type { Model } from "../onnx/model.ts";
import { applyFreeU } from "../onnx/passes/free-u.ts";
import type { FreeU } from "../onnx/passes/free-u.ts";
import { createGraphRunner } from "./graph-runner.ts";
import type { Backend } from "./graph-runner.ts";
import { networkOf } from "./model-folder.ts";
import type { PartLoader, VaeConfig } from "./model-folder.ts";
import type { PartPorts } from "./ports.ts";
import type { PromptEmbedding } from "./text-encoder.ts";
import { toEpsilon } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";

/** One evaluation of the UNet: a noisy latent [c, h, w], told a prompt. */
export interface DenoiserSlot {
  readonly latent: Tensor;
  readonly prompt: PromptEmbedding;
  /** The latent [c, h, w] of a picture, for a UNet that is shown one beside the noise; none is all zeros. */
  readonly image?: Tensor;
}

export interface Denoiser {
  /**
   * ε̂ for each slot, all at timestep t, in one call of the UNet or in as many as memory needs; after each others
   * get their turn. Slots that share their tensors (the same objects) are evaluated once. A model that predicts
   * v is converted. The signal ends it after the call under way.
   */
  predict(slots: readonly DenoiserSlot[], t: number, signal?: AbortSignal): Promise<readonly Tensor[]>;
  dispose(): Promise<void>;
}

export interface DenoiserOptions {
  /** How latents are scaled, for a UNet that sees pictures as the encoder gives them. */
  readonly vae?: Pick<VaeConfig, "scaling" | "shift">;
  /** How many latents of this shape one call of the UNet may evaluate; any number unless given. */
  readonly batchLimit?: (latentShape: readonly number[]) => number;
  /** Changes the UNet, for as long as the denoiser lives. */
  readonly freeU?: FreeU | undefined;
}

const UNSCALED = { scaling: 1, shift: 0 };

/** Whether a UNet takes a picture's latent behind the noisy one, as InstructPix2Pix does. */
export function isShownImages({ sample, prediction }: PartPorts<"unet">): boolean {
  const [takes, gives] = [sample.dims[1], prediction.dims[1]];
  return typeof takes === "number" && typeof gives === "number" && takes === 2 * gives;
}

export function createDenoiser(
  { ports, load }: PartLoader<"unet">,
  schedule: Schedule,
  backend: Backend,
  { vae: { scaling, shift } = UNSCALED, batchLimit = () => Infinity, freeU }: DenoiserOptions = {},
): Denoiser {
  const rewrite = freeU && ((fixed: Model) => applyFreeU(fixed, freeU));
  const runner = createGraphRunner("unet", async () => ({ ...networkOf(await load()), rewrite }), backend);
  const fixedBatch = ports.sample.dims[0];
  /** What the latest call evaluated, where a session is made for one size. */
  let latest: { readonly shape: string; readonly size: number } | undefined;

  const sizeOfCalls = (rows: number, latentShape: readonly number[]): number => {
    if (typeof fixedBatch === "number") return fixedBatch;
    const shape = latentShape.join("×");
    const size = callSize(rows, batchLimit(latentShape), latest?.shape === shape ? latest.size : undefined);
    if (backend.provider === "webgpu" || rewrite) latest = { shape, size };
    return size;
  };

  const seesImage = isShownImages(ports);

  /** What the UNet takes: the noisy latent, with the picture's as the encoder gives it (not scaled) behind it. */
  const sampleOf = ({ latent, image }: DenoiserSlot): Tensor => {
    assert(!image || seesImage, "this UNet takes no picture beside the latent");
    if (!seesImage) return latent;
    const [channels, ...sides] = latent.shape;
    const data = new Float32Array(2 * latent.data.length);
    data.set(latent.data);
    if (image)
      data.set(
        image.data.map((value) => value / scaling + shift),
        latent.data.length,
      );
    return tensor(data, [2 * channels!, ...sides]);
  };

  const evaluate = async (rows: readonly DenoiserSlot[], t: number): Promise<readonly Tensor[]> => {
    const { shape } = rows[0]!.latent;
    const samples = rows.map(sampleOf);
    const context = rows[0]!.prompt.shape;
    const batch = rows.length;
    const { cpu } = await runner.run({
      [ports.sample.name]: { data: stack(samples), dims: [batch, ...samples[0]!.shape] },
      [ports.timestep.name]: timestepFeed(ports.timestep.dims, t, batch),
      [ports.context.name]: { data: stack(rows.map(({ prompt }) => prompt)), dims: [batch, ...context] },
    });
    const predictions = unstack(cpu[ports.prediction.name]!.data, shape, batch);
    return rows.map(({ latent }, i) => toEpsilon(schedule, predictions[i]!, latent, t));
  };

  return {
    async predict(slots, t, signal) {
      if (slots.length === 0) return [];
      const rows: DenoiserSlot[] = [];
      const rowOf = slots.map((slot) => {
        const known = rows.findIndex(
          ({ latent, prompt, image }) =>
            latent === slot.latent && prompt === slot.prompt && image === slot.image,
        );
        return known >= 0 ? known : rows.push(slot) - 1;
      });
      const predictions: Tensor[] = [];
      const size = sizeOfCalls(rows.length, rows[0]!.latent.shape);
      for (let start = 0; start < rows.length; start += size) {
        signal?.throwIfAborted();
        const chunk = rows.slice(start, start + size);
        // A graph with a fixed batch gets its last chunk filled up with copies.
        const filler = Array<DenoiserSlot>(size - chunk.length).fill(chunk[0]!);
        const evaluated = await evaluate([...chunk, ...filler], t);
        predictions.push(...evaluated.slice(0, chunk.length));
        await pause();
      }
      signal?.throwIfAborted();
      return rowOf.map((row) => predictions[row]!);
    },
    dispose: runner.dispose,
  };
}

/** Exporters write the timestep as a scalar, as one number for all, or as one for each row. */
function timestepFeed(declared: readonly (number | string)[], t: number, batch: number) {
  if (declared.length === 0) return { data: [t], dims: [] };
  const count = declared[0] === 1 ? 1 : batch;
  return { data: Array<number>(count).fill(t), dims: [count] };
}

function stack(rows: readonly Tensor[]): Float32Array {
  const size = rows[0]!.data.length;
  const all = new Float32Array(rows.length * size);
  rows.forEach(({ data, shape }, i) => {
    assert(data.length === size, `row ${i} of the batch has shape ${shape.join(" × ")}, the first another`);
    all.set(data, i * size);
  });
  return all;
}

function unstack(data: Float32Array, shape: readonly number[], count: number): readonly Tensor[] {
  const size = data.length / count;
  return Array.from({ length: count }, (_, i) => tensor(data.slice(i * size, (i + 1) * size), shape));
}
