/** Starting points that are known to work, each from one source. Everything in them can be changed afterwards. */
import type { AnyValues } from "../core/params.ts";
import { registry } from "../core/registry.ts";
import type { Attribute } from "../scene/attributes.ts";
import type { TimestepRange } from "./timesteps.ts";

/** Which kind of model a preset's numbers were found with. */
export type ModelFamily = "embedded" | "sd" | "pix2pix";

/** Factors on the optimiser's base learning rates. */
export type LearningRateScales = Readonly<Record<Attribute, number>>;

export interface Preset {
  readonly id: string;
  readonly label: string;
  readonly cite: string;
  readonly families: readonly ModelFamily[];
  readonly method: string;
  readonly params: AnyValues;
  readonly timesteps: { readonly sampler: string } & TimestepRange;
  readonly steps: number;
  readonly learningRates: LearningRateScales;
  readonly bridge: string;
}

/** The scalers of SSD's and GaussianEditor's launch scripts. */
const OFFICIAL_RATES: LearningRateScales = {
  means: 1,
  quaternions: 1,
  logScales: 1,
  opacityLogits: 0.8,
  sh: 0.8,
};
/** Nerfstudio's splatfacto, as PDS trains it, in terms of the same base rates. */
const SPLATFACTO_RATES: LearningRateScales = {
  means: 1,
  quaternions: 1,
  logScales: 1,
  opacityLogits: 1,
  sh: 0.2,
};
/** Our study of the embedded model in 3D: colour 0.01 and so on, in terms of the same base rates. */
const EMBEDDED_RATES: LearningRateScales = {
  means: 1.25,
  quaternions: 1,
  logScales: 0.8,
  opacityLogits: 0.6,
  sh: 2.8,
};

/** Moves and opens splats several times as fast: a new outline takes more than new colours. */
const EMBEDDED_SHAPE_RATES: LearningRateScales = {
  means: 5,
  quaternions: 1,
  logScales: 2,
  opacityLogits: 3,
  sh: 2.8,
};

const SD_FALLING = { sampler: "linear", min: 20, max: 980 };
const SD_UNIFORM = { sampler: "uniform", min: 20, max: 980 };
const SD = { families: ["sd"], steps: 1500, learningRates: OFFICIAL_RATES, bridge: "exact" } as const;

const PIX2PIX = {
  families: ["pix2pix"],
  timesteps: { sampler: "linear", min: 200, max: 900 },
  steps: 1500,
  learningRates: OFFICIAL_RATES,
  bridge: "exact",
} as const;

const EMBEDDED = {
  families: ["embedded"],
  timesteps: { sampler: "uniform", min: 50, max: 949 },
  steps: 200,
  learningRates: EMBEDDED_RATES,
  // By eye on the demo scenes: both bridges edit, this one leaves a smooth surface where the other leaves speckle.
  bridge: "decode-residual",
} as const;
const EMBEDDED_STUDY = "our study of the embedded model, 200 steps at guidance 7.5";

/** The first preset of a family is its default. */
export const presets = registry<Preset>("preset", [
  {
    ...EMBEDDED,
    id: "embedded-ssd",
    label: "SSD, embedded model",
    cite: `${EMBEDDED_STUDY}: w_t 4 to 6 holds the scene, 1 runs away`,
    method: "ssd",
    params: { wp: 7.5, wt: 6, we: 0, identity: 0 },
  },
  {
    ...EMBEDDED,
    id: "embedded-ssd-shape",
    label: "SSD for new shapes, embedded model",
    cite: "edit bench: turns one object into another, at the price of rough outlines where the shape should stay",
    method: "ssd",
    params: { wp: 7.5, wt: 3, we: 0, identity: 0 },
    learningRates: EMBEDDED_SHAPE_RATES,
  },
  {
    ...EMBEDDED,
    id: "embedded-dds",
    label: "DDS, embedded model",
    cite: EMBEDDED_STUDY,
    method: "dds",
    params: { scale: 7.5 },
  },
  {
    ...EMBEDDED,
    id: "embedded-pds",
    label: "PDS, embedded model",
    cite: `${EMBEDDED_STUDY}, with the consistent posterior`,
    method: "pds",
    params: { scale: 7.5, stride: 1 },
  },
  {
    ...EMBEDDED,
    id: "embedded-csd",
    label: "CSD, embedded model",
    cite: "the embedded model's SSD without its source terms",
    method: "csd",
    params: { wa: 7.5, wb: 7.5, wn: 0, weighting: "uniform" },
  },
  {
    ...EMBEDDED,
    id: "embedded-sds",
    label: "SDS, embedded model",
    cite: EMBEDDED_STUDY,
    method: "sds",
    params: { scale: 7.5, weighting: "variance" },
  },
  {
    ...SD,
    id: "ssd-official",
    label: "SSD official 3DGS",
    cite: "the weights the authors' 3D code runs with",
    method: "ssd",
    params: { wp: 3.75, wt: 1, we: 5.5, identity: 0.075 },
    timesteps: SD_FALLING,
  },
  {
    ...SD,
    id: "ssd-paper",
    label: "SSD paper",
    cite: "the weights the paper names",
    method: "ssd",
    params: { wp: 7.5, wt: 2, we: 5.5, identity: 0.075 },
    timesteps: SD_FALLING,
  },
  {
    ...SD,
    id: "dds-3dgs",
    label: "DDS",
    cite: "the baseline of SSD's comparison: DDS inside the same pipeline",
    method: "dds",
    params: { scale: 7.5 },
    timesteps: SD_UNIFORM,
  },
  {
    ...SD,
    id: "pds-official",
    label: "PDS official 3DGS",
    cite: "the authors' splatfacto settings; at guidance 100 use an fp32 UNet",
    method: "pds",
    params: { scale: 100, stride: 2 },
    timesteps: { sampler: "uniform", min: 21, max: 979 },
    steps: 30000,
    learningRates: SPLATFACTO_RATES,
  },
  {
    ...SD,
    id: "csd-editing",
    label: "CSD, editing",
    cite: "SSD eq. 3 at equal weights",
    method: "csd",
    params: { wa: 7.5, wb: 7.5, wn: 0, weighting: "uniform" },
    timesteps: SD_UNIFORM,
  },
  {
    ...SD,
    id: "sds-dreamfusion",
    label: "SDS, DreamFusion",
    cite: "DreamFusion's guidance in the 3D editing pipeline",
    method: "sds",
    params: { scale: 100, weighting: "variance" },
    timesteps: SD_UNIFORM,
  },
  {
    ...PIX2PIX,
    id: "ssd-pix2pix-official",
    label: "SSD official, InstructPix2Pix",
    cite: "the weights the authors' 3D code runs with, over its narrower range of noise",
    method: "ssd-pix2pix",
    params: { textScale: 7.5, imageScale: 1.5, identity: 0.075 },
  },
  {
    ...PIX2PIX,
    id: "sds-pix2pix",
    label: "SDS, InstructPix2Pix",
    cite: "GaussianEditor's and DGE's guidance",
    method: "sds-pix2pix",
    params: { textScale: 7.5, imageScale: 1.5 },
    timesteps: SD_UNIFORM,
  },
]);

export const presetsFor = (family: ModelFamily): readonly Preset[] =>
  presets.all.filter(({ families }) => families.includes(family));

/** The methods that a kind of model can be run with. */
export const methodsFor = (family: ModelFamily): ReadonlySet<string> =>
  new Set(presetsFor(family).map(({ method }) => method));

export const defaultPreset = (family: ModelFamily): Preset => presetsFor(family)[0]!;
