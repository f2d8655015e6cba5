import { assert } from "../core/assert.ts";
import { pause } from "../core/pause.ts";
import { tensor } from "../core/tensor.ts";
import type { Tensor } from "../core/tensor.ts";
import { bestSize, createCallSizes } from "./batches.ts";
import type { CallLimits, CallSize } from "./batches.ts";
import type { Model } from "../onnx/model.ts";
import { applyFreeU } from "../onnx/passes/free-u.ts";
import type { FreeU } from "../onnx/passes/free-u.ts";
import { createGraphRunner } from "./graph-runner.ts";
import type { Backend, GraphRunner } from "./graph-runner.ts";
import { networkOf } from "./model-folder.ts";
import type { PartLoader, VaeConfig } from "./model-folder.ts";
import type { PartPorts } from "./ports.ts";
import type { Precision } from "./precision.ts";
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
   * v is converted.
   */
  predict(slots: readonly DenoiserSlot[], t: number, options?: PredictOptions): Promise<readonly Tensor[]>;
  dispose(): Promise<void>;
}

export interface PredictOptions {
  /** Ends it after the call under way. */
  readonly signal?: AbortSignal | undefined;
  /** How many slots are not asked for because their answers are known, and may be asked for again. */
  readonly leftOut?: number;
}

export interface DenoiserOptions {
  /** How latents are scaled, for a UNet that sees pictures as the encoder gives them. */
  readonly vae?: Pick<VaeConfig, "scaling" | "shift">;
  /** What calls on latents of this shape may evaluate; any number, in sessions of one size, unless given. */
  readonly limits?: (latentShape: readonly number[]) => CallLimits;
  /** Changes the UNet, for as long as the denoiser lives. */
  readonly freeU?: FreeU | undefined;
  /** What its products with weights are computed in; float32 unless given. */
  readonly precision?: Precision | undefined;
}

const UNSCALED = { scaling: 1, shift: 0 };
const UNLIMITED = { batch: Infinity, together: 0 };

/** Whether a UNet takes a picture's latent behind the noisy one, as InstructPix2Pix does. */
export function isShownImages({ sample, prediction }: PartPorts<"unet">): boolean {
  const [takes, gives] = [sample.dims[1], prediction.dims[1]];
  return typeof takes === "number" && typeof gives === "number" && takes === 2 * gives;
}

export function createDenoiser(
  { ports, load }: PartLoader<"unet">,
  schedule: Schedule,
  backend: Backend,
  { vae: { scaling, shift } = UNSCALED, limits = () => UNLIMITED, freeU, precision }: DenoiserOptions = {},
): Denoiser {
  const rewrite = freeU && ((fixed: Model) => applyFreeU(fixed, freeU));
  const createRunner = () =>
    createGraphRunner("unet", async () => ({ ...networkOf(await load()), rewrite, precision }), backend);
  const runner = createRunner();
  /** For calls of a second size, where a session is made for one. */
  const second = createRunner();
  const fixedBatch = ports.sample.dims[0];
  let hasRoom = true;
  let sizes: { readonly shape: string; readonly next: ReturnType<typeof createCallSizes> } | undefined;

  const callsFor = async (
    rows: number,
    leftOut: number,
    latentShape: readonly number[],
  ): Promise<CallSize> => {
    if (typeof fixedBatch === "number") return { size: fixedBatch, second: undefined };
    const limit = limits(latentShape);
    if (runner.takesAnySize) return { size: bestSize(rows, limit.batch), second: undefined };
    const shape = latentShape.join("×");
    if (sizes?.shape !== shape) {
      sizes = { shape, next: createCallSizes(hasRoom ? limit : { ...limit, together: 0 }) };
    }
    const calls = sizes.next(rows, leftOut);
    if (calls.second === undefined) await second.dispose();
    return calls;
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

  const evaluate = async (
    { run }: GraphRunner,
    rows: readonly DenoiserSlot[],
    t: number,
  ): Promise<readonly Tensor[]> => {
    const { shape } = rows[0]!.latent;
    const samples = rows.map(sampleOf);
    const context = rows[0]!.prompt.shape;
    const batch = rows.length;
    const { cpu } = await run({
      [ports.sample.name]: { data: stack(samples), dims: [batch, ...samples[0]!.shape] },
      [ports.timestep.name]: timestepFeed(ports.timestep.dims, t, batch),
      [ports.context.name]: { data: stack(rows.map(({ prompt }) => prompt)), dims: [batch, ...context] },
    });
    const predictions = unstack(cpu[ports.prediction.name]!.data, shape, batch);
    return rows.map(({ latent }, i) => toEpsilon(schedule, predictions[i]!, latent, t));
  };

  const evaluateAll = async (
    rows: readonly DenoiserSlot[],
    t: number,
    leftOut: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly Tensor[]> => {
    const calls = await callsFor(rows.length, leftOut, rows[0]!.latent.shape);
    const { size } = calls;
    const isSecond = size === calls.second;
    const predictions: Tensor[] = [];
    try {
      for (let start = 0; start < rows.length; start += size) {
        signal?.throwIfAborted();
        const chunk = rows.slice(start, start + size);
        // A network for one number of samples gets its last chunk filled up with copies.
        const filler = Array<DenoiserSlot>(size - chunk.length).fill(chunk[0]!);
        const evaluated = await evaluate(isSecond ? second : runner, [...chunk, ...filler], t);
        predictions.push(...evaluated.slice(0, chunk.length));
        await pause();
      }
      signal?.throwIfAborted();
      return predictions;
    } catch (error) {
      if (!isSecond || signal?.aborted) throw error;
      // There may be less memory than was planned with: all goes on without the second session.
      hasRoom = false;
      sizes = undefined;
      return evaluateAll(rows, t, leftOut, signal);
    }
  };

  return {
    async predict(slots, t, { signal, leftOut = 0 } = {}) {
      if (slots.length === 0) return [];
      const rows: DenoiserSlot[] = [];
      const rowOf = slots.map((slot) => {
        const known = rows.findIndex(
          ({ latent, prompt, image }) =>
            latent === slot.latent && prompt === slot.prompt && image === slot.image,
        );
        return known >= 0 ? known : rows.push(slot) - 1;
      });
      const predictions = await evaluateAll(rows, t, leftOut, signal);
      return rowOf.map((row) => predictions[row]!);
    },
    async dispose() {
      await Promise.all([runner.dispose(), second.dispose()]);
    },
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
