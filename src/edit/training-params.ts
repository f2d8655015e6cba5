/** Which noise levels a run draws and how fast it moves what, as forms show them; their values come from presets. */
import { slider, type Slider } from "../core/params.ts";
import type { Attribute } from "../scene/attributes.ts";

/** Of schedules as Stable Diffusion's, which all models so far have. */
const LAST_TIMESTEP = 999;
const RANGE = { min: 0, max: LAST_TIMESTEP, step: 1 };

export const TIMESTEP_PARAMS = {
  min: slider({
    ...{ label: "Timesteps from", ...RANGE, default: 20 },
    help: "The least noise that views are given, 0 to 999. Less noise asks the model about finer detail.",
  }),
  max: slider({
    ...{ label: "Timesteps to", ...RANGE, default: 980 },
    help: "The most noise that views are given, 0 to 999. More noise asks the model about the whole picture.",
  }),
};

const rate = (what: string, more: string): Slider =>
  slider({
    label: `Rate of ${what}`,
    help: `Factor of the learning rate. ${more} 0 holds them still.`,
    ...{ min: 0, max: 10, step: 0.05, default: 1 },
  });

export const RATE_PARAMS: Readonly<Record<Attribute, Slider>> = {
  means: rate("positions", "More lets splats move farther, into new outlines."),
  quaternions: rate("rotations", "How splats lie."),
  logScales: rate("sizes", "How large splats are."),
  opacityLogits: rate("opacities", "More lets splats appear and vanish sooner."),
  sh: rate("colors", "More recolors sooner, and more coarsely."),
};
