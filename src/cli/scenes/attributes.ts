/** What a picture of the embedded model's world is decided by, and the words for it; the same as models/train/world.py. */

/** All there is of each attribute. The order is that of the renderer's ids and of every classifier's outputs. */
export const ATTRIBUTE_WORDS = {
  kind: "ball cube apple mushroom pumpkin snowman teapot cactus tree house donut duck".split(" "),
  material: "natural red blue green yellow purple white gold wooden stone checkered ice".split(" "),
  ground: "grass sand snow table floor water".split(" "),
  time: "day sunset night".split(" "),
  style: "photo sketch watercolor".split(" "),
} as const satisfies Record<string, readonly string[]>;
export type AttributeName = keyof typeof ATTRIBUTE_WORDS;
export const ATTRIBUTE_NAMES = Object.keys(ATTRIBUTE_WORDS) as readonly AttributeName[];

/** What a picture shows, one word for each attribute. */
export type Attributes = Readonly<Record<AttributeName, string>>;

/** A still life, in words; the seed decides all that words leave open. */
export interface StillLife extends Attributes {
  readonly seed: number;
}

/** The material that no word names: an apple is red by nature, a snowman white. */
export const NATURAL = "natural";

const GROUND_PHRASES: Readonly<Record<string, string>> = {
  table: "on a wooden table",
  floor: "on a stone floor",
};
const TIME_PHRASES: Readonly<Record<string, string>> = { day: "", sunset: "at sunset", night: "at night" };
const STYLE_PHRASES: Readonly<Record<string, string>> = {
  photo: "a photo of",
  sketch: "a pencil sketch of",
  watercolor: "a watercolor painting of",
};

/** The plainest way to describe a picture: "a photo of a red apple on grass at night". */
export function captionOf({ kind, material, ground, time, style }: Attributes): string {
  const subject = material === NATURAL ? kind : `${material} ${kind}`;
  const article = /^[aeio]/.test(subject) ? "an" : "a";
  const place = GROUND_PHRASES[ground] ?? `on ${ground}`;
  return [STYLE_PHRASES[style], article, subject, place, TIME_PHRASES[time]].filter(Boolean).join(" ");
}

/**
 * Whether the diffusion model was never shown this object, material and ground together, in any light and style: one
 * combination in twelve is kept back, so that edits to it tell what the model has understood, not what it remembers.
 */
export function isHeldOut({ kind, material, ground }: Omit<Attributes, "time" | "style">): boolean {
  const [k, m, g] = [indexOf("kind", kind), indexOf("material", material), indexOf("ground", ground)];
  return (7 * k + 5 * m + 3 * g) % 12 === 0;
}

/** The id that the renderer and the classifier know a word by; −1 for a word that there is not. */
export const indexOf = (name: AttributeName, word: string): number => ATTRIBUTE_WORDS[name].indexOf(word);
