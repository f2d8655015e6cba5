/**
 * Noise from a finite bank. A view has so many noise levels, and each level of it one noise that comes again and again.
 * What the UNet says about the untouched scene, ε̂(ẑ_t, …), then repeats to the bit, is kept, and is left out of the
 * UNet's batch the next time.
 */
import { createLru } from "../core/lru.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Denoiser, DenoiserSlot } from "../diffusion/denoiser.ts";
import { slotParts, type Slot } from "../diffusion/methods/method.ts";
import type { TimestepRange } from "../diffusion/timesteps.ts";
import type { Draw } from "./sampling.ts";

/** The middle of the bank's level that t falls into; all levels cover the same number of timesteps. */
export function bankedTimestep(t: number, { min, max }: TimestepRange, levels: number): number {
  const span = max - min + 1;
  const level = Math.floor((levels * (t - min)) / span);
  return min + Math.floor(((Math.min(levels - 1, Math.max(0, level)) + 0.5) * span) / levels);
}

/** What the UNet said about the untouched scene, as far as there is room. */
export interface PredictionBank {
  /**
   * ε̂ of every slot of a draw. Of a draw from the bank, slots on the source latent that were answered before for this
   * view, timestep and prompt (the same object) are not asked again.
   */
  predict(
    denoiser: Denoiser,
    draw: Pick<Draw, "view" | "t" | "isBanked">,
    asked: ReadonlyMap<Slot, DenoiserSlot>,
    signal?: AbortSignal,
  ): Promise<Readonly<Partial<Record<Slot, Tensor>>>>;
}

interface Known {
  readonly prompt: Tensor;
  readonly prediction: Tensor;
}

/** All of two slots of 48 views at 32 levels, at 512 pixels. */
const MAX_BYTES = 192 << 20;

export function createPredictionBank(maxBytes = MAX_BYTES): PredictionBank {
  const known = createLru<Known>(maxBytes, ({ prediction }) => prediction.data.byteLength);
  return {
    async predict(denoiser, { view, t, isBanked }, asked, signal) {
      const keyOf = (slot: Slot): string | undefined =>
        isBanked && slotParts(slot).latent === "source" ? `${view} ${t} ${slot}` : undefined;
      const found = new Map<Slot, Tensor>();
      for (const [slot, { prompt }] of asked) {
        const key = keyOf(slot);
        const before = key === undefined ? undefined : known.get(key);
        if (before?.prompt === prompt) found.set(slot, before.prediction);
      }
      const open = [...asked].filter(([slot]) => !found.has(slot));
      const predictions = await denoiser.predict(
        open.map(([, row]) => row),
        t,
        { signal, leftOut: found.size },
      );
      open.forEach(([slot, { prompt }], i) => {
        const prediction = predictions[i]!;
        found.set(slot, prediction);
        const key = keyOf(slot);
        if (key !== undefined) known.set(key, { prompt, prediction });
      });
      return Object.fromEntries(found);
    },
  };
}
