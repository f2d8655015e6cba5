/**
 * Which networks may be in memory together, how many samples the UNet evaluates in a call and whether the encoder's
 * gradient keeps its forward pass, from sizes alone. A session keeps the memory of its run for the next, so each counts
 * with its weights and its peak.
 */

/** Bytes. */
export interface NetworkSize {
  readonly weights: number;
  /** The most that a run on one sample holds beside the weights. */
  readonly peak: number;
  /** The largest single weight, and the largest single value of a run on one sample. */
  readonly largestWeight: number;
  readonly largestValue: number;
}

/** The networks of a model at one size of pictures. */
export interface ModelSizes {
  readonly text_encoder: NetworkSize;
  readonly unet: NetworkSize;
  readonly vae_encoder: NetworkSize;
  readonly vae_decoder: NetworkSize;
  /** Of the encoder, its forward pass kept or computed again as far as that helps; none where there is no rule for it. */
  readonly gradient?: { readonly kept: NetworkSize; readonly again: NetworkSize } | undefined;
}

/** What sessions are called, and messages about them. */
export const GRADIENT = "the encoder's gradient";
export type NetworkName = Exclude<keyof ModelSizes, "gradient"> | typeof GRADIENT;

export interface MemoryLimits {
  /** Bytes that the networks may take together. WebGPU tells nobody how much memory there is: assumed, or the user's. */
  readonly budget: number;
  /** The largest buffer that can be bound. */
  readonly largestBuffer: number;
}

export interface MemoryPlan {
  /** Side of the pictures, in pixels. */
  readonly side: number;
  readonly fits: boolean;
  /** What the networks take under this plan. */
  readonly bytes: number;
  /** The most samples in a call of the UNet. */
  readonly batch: number;
  /** The most samples in calls of two sizes together, each with a session of its own; 0 without room for two. */
  readonly together: number;
  /** Bytes that the gradient's run may hold; Infinity where it keeps its forward pass. */
  readonly gradientBudget: number;
  /** Networks of which at most one is in memory at a time. */
  readonly alternating: readonly NetworkName[];
  /** For the user: what it takes, and why it does not fit or what was given up for it. */
  readonly says: string;
}

/** What graphics cards have that run such models; WebGPU does not tell. */
export const ASSUMED_BYTES = 8e9;

/** Samples in a step of most methods. */
const STEP_SAMPLES = 3;

interface Level {
  /** The fewest samples in a call. */
  readonly samples: number;
  readonly gradient: "kept" | "again";
  readonly alternating: readonly NetworkName[];
}

/**
 * What is given up, the least first: the text encoder is idle but for new prompts, the decoder but for pictures. The
 * UNet, most of the weights, is loaded anew in every step only where nothing else helps.
 */
const LEVELS: readonly Level[] = [
  { samples: STEP_SAMPLES, gradient: "kept", alternating: [] },
  { samples: STEP_SAMPLES, gradient: "kept", alternating: ["text_encoder", "vae_decoder"] },
  { samples: 1, gradient: "kept", alternating: ["text_encoder", "vae_decoder"] },
  { samples: 1, gradient: "again", alternating: ["text_encoder", "vae_decoder"] },
  { samples: 1, gradient: "again", alternating: ["text_encoder", "vae_decoder", "vae_encoder", GRADIENT] },
  {
    samples: 1,
    gradient: "again",
    alternating: ["unet", "text_encoder", "vae_decoder", "vae_encoder", GRADIENT],
  },
];

/**
 * The first level that fits the limits; the last one where none does. An edit over the decoder needs no more than one
 * over the gradient: two pictures in the decoder in place of one and the gradient.
 */
export function planMemory(side: number, sizes: ModelSizes, limits: MemoryLimits): MemoryPlan {
  const plans = LEVELS.map((level) => planAt(level, side, sizes, limits));
  return plans.find(({ fits }) => fits) ?? plans.at(-1)!;
}

function planAt(
  { samples, gradient, alternating }: Level,
  side: number,
  sizes: ModelSizes,
  { budget, largestBuffer }: MemoryLimits,
): MemoryPlan {
  const { gradient: gradients, unet, ...small } = sizes;
  const chosen = gradients?.[gradient];
  const beside: readonly (readonly [NetworkName, NetworkSize])[] = [
    ...(Object.entries(small) as [Exclude<NetworkName, typeof GRADIENT | "unet">, NetworkSize][]),
    ...(chosen ? ([[GRADIENT, chosen]] as const) : []),
  ];
  const taken = (isAlternating: boolean): readonly number[] =>
    beside
      .filter(([name]) => alternating.includes(name) === isAlternating)
      .map(([, { weights, peak }]) => weights + peak);
  const isInTurn = alternating.includes("unet");
  const others = sum(taken(false)) + Math.max(0, ...taken(true));
  const rest = unet.weights + (isInTurn ? sum(taken(false)) : others);

  const batch = Math.floor(
    Math.min((budget - rest) / unet.peak, largestBuffer / Math.max(1, unet.largestValue)),
  );
  const used = Math.min(Math.max(batch, samples), STEP_SAMPLES);
  const bytes = Math.max(rest + used * unet.peak, others);
  const largest = Math.max(
    unet.largestValue * samples,
    unet.largestWeight,
    ...beside.map(([, { largestValue, largestWeight }]) => Math.max(largestValue, largestWeight)),
  );
  const fits = batch >= samples && bytes <= budget && largest <= largestBuffer;
  const isRecomputed = gradient === "again" && chosen !== undefined;
  return {
    side,
    fits,
    bytes,
    // What is left over goes to the gradient, where it has to compute again what it cannot keep.
    batch: isRecomputed ? used : Math.max(1, batch),
    together: isRecomputed ? 0 : Math.max(0, Math.floor((budget - rest - unet.weights) / unet.peak)),
    gradientBudget: isRecomputed ? chosen.peak + Math.max(0, budget - (isInTurn ? others : bytes)) : Infinity,
    alternating,
    says: fits
      ? [
          gigabytes(bytes),
          ...(used < STEP_SAMPLES
            ? [`${used === 1 ? "one sample" : `${used} samples`} of the UNet a call`]
            : []),
          ...(isRecomputed ? ["parts of the encoder computed twice"] : []),
          ...(alternating.length > 0 ? [`${inWords(alternating)} loaded in turn`] : []),
        ].join(", ")
      : largest > largestBuffer
        ? `needs a buffer of ${gigabytes(largest)}, this GPU's largest has ${gigabytes(largestBuffer)}`
        : `needs ${gigabytes(bytes)}`,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const IN_WORDS: Readonly<Record<NetworkName, string>> = {
  text_encoder: "text encoder",
  unet: "UNet",
  vae_encoder: "encoder",
  vae_decoder: "decoder",
  [GRADIENT]: "its gradient",
};
const inWords = (names: readonly NetworkName[]): string => {
  const words = names.map((name) => IN_WORDS[name]);
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
};

/** In decimal units, as files and graphics cards are sold: 0.04 GB, 1.2 GB. */
export const gigabytes = (bytes: number): string =>
  `${(bytes / 1e9).toLocaleString("en", { maximumSignificantDigits: bytes < 1e9 ? 1 : 2 })} GB`;
