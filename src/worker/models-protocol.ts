import type { NoiseReport } from "../diffusion/quantization-noise.ts";
import type { PartReport } from "../diffusion/quantize-folder.ts";
import type { Part } from "../diffusion/ports.ts";
import type { Room } from "../models/byte-store.ts";
import type { Purpose } from "../models/layout.ts";
import type { ModelSource } from "../models/model-source.ts";
import type { DownloadOutcome, StoredModel } from "../models/model-store.ts";
import type { Offer } from "../models/probe.ts";
import type { ModelProgress } from "../models/progress.ts";
import type { QuantizationId } from "../models/quantizing.ts";
import type { Verdict } from "../models/verify.ts";

/**
 * What the page and the worker that keeps the models say to each other. It is not the engine's, so that neither waits
 * for the other nor falls with it. Everything here survives structured cloning.
 */
export interface ModelsCalls {
  list(request: Record<never, never>): readonly StoredModel[];
  room(request: Record<never, never>): Room;
  /**
   * Looks at what a user typed or pasted, without fetching weights.
   * @param hub address of the hub or of a mirror of it
   * @param purpose what it shall be; as the catalogue has it, else a whole model, unless given
   */
  probe(request: { readonly text: string; readonly hub: string; readonly purpose?: Purpose }): Offer;
  /** Answers when it has ended; events tell how it goes. */
  download(request: { readonly offer: Offer; readonly accepted: boolean }): DownloadOutcome;
  resume(request: { readonly id: string }): DownloadOutcome;
  /** Also ends a quantization, of which nothing stays. */
  pause(request: { readonly id: string }): void;
  verify(request: { readonly id: string }): readonly Verdict[];
  remove(request: { readonly id: string }): void;
  /** Stores a model anew with its weights in fewer bits; one that is there already is answered at once. */
  quantize(request: { readonly source: LocalSource; readonly to: QuantizationId }): Quantized;
}

/** Files that can be read without the network. */
export type LocalSource = Exclude<ModelSource, { kind: "address" }>;

export interface ModelsEvents {
  progress: ModelProgress;
  making: MakingProgress;
}

export interface MakingProgress {
  /** Of the model that is being made. */
  readonly id: string;
  /** The part that is being written; undefined while its effect on edits is measured. */
  readonly part: Part | undefined;
  /** Of the part, from 0 to 1. */
  readonly share: number;
}

export interface Quantized {
  readonly id: string;
  readonly parts: readonly PartReport[];
  readonly noise?: NoiseReport;
  /** Why the noise is not known. */
  readonly unmeasured?: string;
}
