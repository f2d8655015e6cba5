/** How what goes on with a model reads. */
import { bytesInWords } from "../formats/words.ts";
import type { NoiseReport } from "../diffusion/quantization-noise.ts";
import type { ModelProgress } from "../models/progress.ts";
import type { MakingProgress } from "../worker/models-protocol.ts";

/** Something that goes on with a model. */
export interface Work {
  readonly text: string;
  /** From 0 to 1, where it is known. */
  readonly share: number | undefined;
}

const STATES = { downloading: "Downloading", checking: "Checking", waiting: "Waiting to try again" } as const;

export function describeProgress(progress: ModelProgress): Work {
  const { state, bytes, total, bytesPerSecond, secondsLeft } = progress;
  const share = total > 0 ? Math.min(1, bytes / total) : undefined;
  const facts = [
    share === undefined ? undefined : `${Math.floor(100 * share)} %`,
    `${bytesInWords(bytes)} of ${bytesInWords(total)}`,
    bytesPerSecond > 0 ? `${bytesInWords(Math.round(bytesPerSecond))}/s` : undefined,
    secondsLeft === undefined || state === "waiting" ? undefined : `${timeInWords(secondsLeft)} left`,
  ];
  return { text: `${STATES[state]}: ${facts.filter(Boolean).join(", ")}`, share };
}

export const describeMaking = ({ part, share }: MakingProgress): Work =>
  part === undefined
    ? { text: "Measuring what it does to edits …", share: undefined }
    : { text: `Writing ${part}: ${Math.floor(100 * share)} %`, share };

/** What 8 bits stay below for every model measured: from here on an edit goes another way. */
const NOTICEABLE = 0.03;

/** What a model with fewer bits does; the sentence begins with its name. */
export const noiseInWords = ({ error }: NoiseReport): string =>
  `changes the gradient of an edit by ${(100 * error).toFixed(error < 0.01 ? 2 : 1)} % (relative L2, SSD)` +
  (error > NOTICEABLE ? ": edits will differ from those of the original" : "");

function timeInWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
