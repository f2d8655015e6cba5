import type { Camera } from "../camera/camera.ts";
import type { RgbaPicture } from "./pictures.ts";
import type { RunOutcome, RunState } from "./run-loop.ts";
import type { Splats } from "../scene/attributes.ts";

/** What a run tells while it goes on. Plain data: it crosses a worker's port as it is. */
export type JobEvent =
  | { readonly type: "state"; readonly state: RunState }
  /** What the user should know, in words. */
  | { readonly type: "warning"; readonly text: string }
  | ({ readonly type: "step" } & StepProgress)
  | ({ readonly type: "pictures" } & StepPictures);

export interface StepProgress {
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  readonly iterationsPerSecond: number;
  readonly secondsLeft: number;
  /** Timestep of the step's last view. */
  readonly t: number;
  /** L2 norm of the latent gradient, and of each of its terms by name. */
  readonly gradientNorm: number;
  readonly terms: Readonly<Record<string, number>>;
  /** Of the views that the step trained on, the last one last. */
  readonly cameras: readonly Camera[];
}

/** The step's last training view, what the edit wants to change in it, and what was asked for beside. */
export interface StepPictures {
  readonly step: number;
  readonly view: RgbaPicture;
  readonly gradient: RgbaPicture;
  /** What one term of the gradient alone wants to change. */
  readonly term?: { readonly name: string; readonly picture: RgbaPicture };
  /** The view's latent, decoded: the view as the model sees it. */
  readonly decoded?: RgbaPicture;
}

/** Pictures that cost more than the others. */
export interface WantedPictures {
  /** Name of a term of the method's gradient; there is none in a step where it has no weight. */
  readonly term?: string;
  readonly decoded?: boolean;
}

export interface JobResult {
  /** How the run ended; "lost" when the GPU went away underneath it, "failed" when a step broke. */
  readonly outcome: RunOutcome | "lost" | "failed";
  /** Steps behind `splats`. */
  readonly steps: number;
  readonly seconds: number;
  /** The scene as it is now, or as of the last good step that was copied before the device was lost. */
  readonly splats: Splats;
  /** Why, when lost or failed. */
  readonly error?: Error;
}
