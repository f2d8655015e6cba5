import { viewSamplers } from "../camera/samplers/index.ts";
import { direction } from "../camera/vec3.ts";
import { UserError } from "../core/errors.ts";
import type { Registry } from "../core/registry.ts";
import { bridges } from "../diffusion/codecs/index.ts";
import { methods } from "../diffusion/methods/index.ts";
import { slotParts } from "../diffusion/methods/method.ts";
import type { PipelineInfo } from "../diffusion/pipeline.ts";
import { methodsFor } from "../diffusion/presets.ts";
import type { Schedule } from "../diffusion/schedule.ts";
import { timestepSamplers } from "../diffusion/timesteps.ts";
import { regionProblem } from "./mask.ts";
import type { EditSettings } from "./settings.ts";

/** Something the settings must be. */
interface Rule {
  /** What is wrong, in words. */
  problem(settings: EditSettings, schedule: Schedule): string | undefined;
  /** What to do about it. */
  readonly hint: string;
}
const unless = (holds: boolean, problem: string): string | undefined => (holds ? undefined : problem);

/** Latents have one cell for so many pixels. */
const CELL = 8;

const within = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max;

/** Words for what the scene is, shall be and shall not be. */
export type WordRole = "source" | "target" | "negative";

/** Whether the method, as it is set, listens to these words. */
export function usesPrompt(
  role: WordRole,
  { method, params, timesteps }: Pick<EditSettings, "method" | "params" | "timesteps">,
  schedule: Schedule,
): boolean {
  const slots = methods.get(method).uses(params, timesteps.min, schedule);
  return slots.some((slot) => slotParts(slot).prompt === role);
}

const known = (
  what: string,
  registry: Registry<{ readonly id: string }>,
  idOf: (s: EditSettings) => string,
): Rule => ({
  problem: (settings) => unless(registry.has(idOf(settings)), `There is no ${what} “${idOf(settings)}”.`),
  hint: `Choose one of ${registry.all.map(({ id }) => id).join(", ")}.`,
});

/** In order: a rule may rely on those before it. */
const RULES: readonly Rule[] = [
  known("method", methods, ({ method }) => method),
  known("bridge", bridges, ({ bridge }) => bridge),
  known("timestep sampler", timestepSamplers, ({ timesteps }) => timesteps.sampler),
  known("view sampler", viewSamplers, ({ views }) => views.sampler),
  {
    problem: ({ timesteps: { min, max } }, { steps }) =>
      unless(
        within(min, 0, steps - 1) && within(max, min, steps - 1),
        "The range of timesteps is not one the model has.",
      ),
    hint: "Give whole numbers from 0 to 999, the smaller first.",
  },
  {
    problem: ({ target }) =>
      unless(target.trim() !== "", "There are no words for what the scene should become."),
    hint: 'Describe the whole picture as it should be, like "a photo of a blue apple on grass".',
  },
  {
    problem: (settings, schedule) =>
      unless(
        settings.source.trim() !== "" || !usesPrompt("source", settings, schedule),
        "There are no words for what the scene shows now.",
      ),
    hint: 'This method compares two descriptions. Describe the scene as it is, like "a photo of a red apple on grass".',
  },
  {
    problem: (settings, schedule) =>
      unless(
        settings.source.trim() !== settings.target.trim() || !usesPrompt("source", settings, schedule),
        "Both descriptions are the same, so there is nothing to change.",
      ),
    hint: "Change the words for what should become different, and leave the others.",
  },
  {
    problem: ({ steps }) =>
      unless(within(steps, 1, 1_000_000), "The number of steps is not a whole number above 0."),
    hint: "200 is a good start with the embedded model, 1500 with Stable Diffusion.",
  },
  {
    problem: ({ size }) =>
      unless(
        within(size, 64, 2048) && size % CELL === 0,
        "The size of the training views does not suit the model.",
      ),
    hint: `Give a multiple of ${CELL} from 64 to 2048 pixels.`,
  },
  {
    problem: ({ viewsPerStep, views }) =>
      unless(
        within(viewsPerStep, 1, 64) && within(views.count, 1, 4096),
        "The number of views is out of range.",
      ),
    hint: "From 1 to 64 in a step, from 1 to 4096 in all.",
  },
  {
    problem: ({ learningRates }) => {
      const rates = Object.values(learningRates);
      return unless(
        rates.every((rate) => rate >= 0 && Number.isFinite(rate)) && rates.some((rate) => rate > 0),
        "The learning rates leave nothing to change.",
      );
    },
    hint: "Give factors of 0 or more, at least one of them above 0.",
  },
  {
    problem: ({ focus }) =>
      unless(
        focus === "auto" || (focus.radius > 0 && [...focus.center, focus.radius].every(Number.isFinite)),
        "The focus is not a ball.",
      ),
    hint: "Give a center and a radius above 0.",
  },
  {
    problem: ({ up }) =>
      unless(up === "auto" || direction(up) !== undefined, "The up axis has no direction."),
    hint: "Give three numbers that are not all 0, or leave it to a guess.",
  },
  {
    problem: ({ background }) =>
      unless(
        background.every((value) => value >= 0 && value <= 1),
        "The background is not a colour.",
      ),
    hint: "Give red, green and blue from 0 to 1.",
  },
  {
    problem: ({ seed }) => unless(Number.isSafeInteger(seed), "The seed is not a whole number."),
    hint: "Any whole number will do; the same one repeats a run.",
  },
  {
    problem: ({ region }) => regionProblem(region),
    hint: "Draw the region again, or edit the whole scene.",
  },
];

/** Throws a UserError for a method or a size that the model cannot be run with. */
export function checkSuits(
  { method, size }: Pick<EditSettings, "method" | "size">,
  { family, name, resolution, isFixed }: Pick<PipelineInfo, "family" | "name" | "resolution" | "isFixed">,
): void {
  if (isFixed && size !== resolution) {
    throw new UserError(
      `The graphs of ${name} are made for views of ${resolution} pixels, not ${size}.`,
      `Choose ${resolution} pixels, or export the model again with sizes left open.`,
    );
  }
  const suiting = methodsFor(family);
  if (suiting.has(method)) return;
  const why =
    family === "pix2pix" ? "is told by an instruction and shown the untouched view" : "is shown no picture";
  throw new UserError(
    `${name} ${why}, so ${methods.get(method).label} cannot run with it.`,
    `Choose one of ${[...suiting].join(", ")}.`,
  );
}

/** Throws a UserError for a size that is none of the model's. */
export function checkResolution(
  size: number,
  { name, resolutions }: Pick<PipelineInfo, "name" | "resolutions">,
): void {
  if (resolutions.includes(size)) return;
  throw new UserError(
    `${name} is not made for views of ${size} pixels.`,
    `Choose one of ${resolutions.join(", ")} pixels.`,
  );
}

/**
 * Throws a UserError for a size that a run which goes on would fail at: one that is none of the model's, or that does
 * not fit into memory.
 */
export function checkSize(size: number, info: Pick<PipelineInfo, "name" | "resolutions" | "memory">): void {
  checkResolution(size, info);
  const { name, memory } = info;
  const plan = memory.find(({ side }) => side === size);
  if (plan && !plan.fits) {
    throw new UserError(
      `Views of ${size} pixels do not fit into memory: ${name} ${plan.says}.`,
      "Choose fewer pixels, or stop the run and say that there is more memory.",
    );
  }
}

/** Throws a UserError for the first thing that is wrong. */
export function checkSettings(settings: EditSettings, schedule: Schedule): void {
  for (const { problem, hint } of RULES) {
    const message = problem(settings, schedule);
    if (message) throw new UserError(message, hint);
  }
}
