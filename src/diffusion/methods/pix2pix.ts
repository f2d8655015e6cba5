/** Rules for InstructPix2Pix (Brooks et al. 2023), which is told what to change and shown what was there. */
import { slider } from "../../core/params.ts";
import { alphaBar } from "../schedule.ts";
import { timestepFraction } from "../timesteps.ts";
import { added, defineMethod, type Coefficients, type Terms } from "./coefficients.ts";

const GUIDANCE = {
  textScale: slider({
    label: "Text guidance scale",
    help: "s_T: how strongly the instruction acts.",
    min: 0,
    max: 20,
    step: 0.25,
    default: 7.5,
  }),
  imageScale: slider({
    label: "Image guidance scale",
    help: "s_I: how strongly the untouched view holds.",
    min: 0,
    max: 5,
    step: 0.05,
    default: 1.5,
  }),
};

/** ε(z_t; 0, ∅) + s_I·(ε(z_t; c_I, ∅) − ε(z_t; 0, ∅)) + s_T·(ε(z_t; c_I, y) − ε(z_t; c_I, ∅)), Brooks et al. eq. 3. */
const guided = ({ textScale, imageScale }: { readonly textScale: number; readonly imageScale: number }) =>
  ({
    instruction: { "target/target+image": textScale, "target/null+image": -textScale },
    image: { "target/null+image": imageScale, "target/null": -imageScale },
    base: { "target/null": 1 },
  }) satisfies Terms;

const joined = ({ base, ...terms }: ReturnType<typeof guided>, minus: Coefficients, name: string): Terms => ({
  ...terms,
  [name]: added(base, minus),
});

/** ε_IP2P(z_t; c_I, y) − ε(ẑ_t; 0, ∅) + w_ID·e^t̄·(z_t − ẑ_t): the source is asked for nothing but its trajectory. */
export const ssdPix2pix = defineMethod({
  id: "ssd-pix2pix",
  label: "SSD, told by an instruction",
  cite: "Zhu et al. 2025, Stable Score Distillation (ICCV), section 4.4",
  params: {
    ...GUIDANCE,
    identity: slider({
      label: "Identity",
      help: "w_ID: spring back to the untouched latent. The authors use 0.075.",
      min: 0,
      max: 1,
      step: 0.005,
      default: 0.075,
    }),
  },
  terms: ({ identity, ...scales }, t, schedule) => ({
    ...joined(guided(scales), { "source/null": -1 }, "cross-trajectory"),
    identity: {
      difference: identity * Math.exp(timestepFraction(schedule, t)) * Math.sqrt(alphaBar(schedule, t)),
    },
  }),
});

/** (1 − ᾱ_t)·(ε_IP2P(z_t; c_I, y) − ε). */
export const sdsPix2pix = defineMethod({
  id: "sds-pix2pix",
  label: "Score distillation, told by an instruction",
  cite: "Chen et al. 2024, GaussianEditor, with InstructPix2Pix guidance",
  params: GUIDANCE,
  weight: (_, t, schedule) => 1 - alphaBar(schedule, t),
  terms: (scales) => joined(guided(scales), { noise: -1 }, "denoising"),
});
