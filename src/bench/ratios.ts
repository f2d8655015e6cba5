/** What the medians of one run say about each other. Unlike times, ratios mean something on a busy machine too. */
import { bridges } from "../diffusion/codecs/index.ts";
import { NAMES } from "./names.ts";
import { median } from "./statistics.ts";
import type { RowTiming } from "./suite.ts";

export interface Ratio {
  readonly name: string;
  readonly scene?: string;
  /** The first of the name over the second. */
  readonly value: number;
}

export interface StepShares {
  readonly scene: string;
  readonly bridge: string;
  /** Of the whole step's median, in the order of the step. Noise may make "rest" negative. */
  readonly shares: Readonly<Partial<Record<Part | "rest", number>>>;
}

const RATIOS: readonly (readonly [name: string, row: string, over: string])[] = [
  ["raster, backward : forward", NAMES.rasterBackward, NAMES.rasterForward],
  ["encoder, exact bridge : forward", NAMES.bridge("exact"), NAMES.encoder],
  ["bridge, exact : decode-residual", NAMES.bridge("exact"), NAMES.bridge("decode-residual")],
  ["step, exact : decode-residual", NAMES.step("exact"), NAMES.step("decode-residual")],
];

/** The rows that a step is made of, given its bridge and how many predictions its method asks for. */
const PARTS = {
  "raster forward": () => NAMES.rasterForward,
  "encoder forward": () => NAMES.encoder,
  unet: (_bridge: string, predictions: number) => NAMES.unet(predictions),
  bridge: (bridge: string) => NAMES.bridge(bridge),
  "raster backward": () => NAMES.rasterBackward,
  adam: () => NAMES.adam,
};
export type Part = keyof typeof PARTS;
export const PART_NAMES = Object.keys(PARTS) as readonly Part[];

/** All that the rows allow, for each scene. */
export function ratiosOf(rows: readonly RowTiming[]): readonly Ratio[] {
  return RATIOS.flatMap(([name, row, over]) =>
    scenesOf(rows, row).flatMap((scene) => {
      const [above, below] = [medianOf(rows, row, scene), medianOf(rows, over, scene)];
      if (above === undefined || below === undefined) return [];
      return [{ name, ...(scene !== undefined && { scene }), value: above / below }];
    }),
  );
}

/**
 * Each part's share of the step, for each scene and bridge. "rest" is what none of them accounts for (distillation
 * rule, sums, waiting), told where all of them were measured.
 */
export function sharesOf(rows: readonly RowTiming[], predictions: number): readonly StepShares[] {
  return bridges.all.flatMap(({ id }) =>
    scenesOf(rows, NAMES.step(id)).map((scene) => {
      const whole = medianOf(rows, NAMES.step(id), scene)!;
      const known = PART_NAMES.flatMap((part) => {
        const time = medianOf(rows, PARTS[part](id, predictions), scene);
        return time === undefined ? [] : [[part, time / whole] as const];
      });
      const rest = 1 - known.reduce((sum, [, share]) => sum + share, 0);
      const complete = known.length === PART_NAMES.length;
      return {
        scene: scene!,
        bridge: id,
        shares: { ...Object.fromEntries(known), ...(complete && { rest }) },
      };
    }),
  );
}

const scenesOf = (rows: readonly RowTiming[], row: string): readonly (string | undefined)[] =>
  rows.filter((each) => each.row === row).map(({ scene }) => scene);

/** Of the row on this scene, or of a row that no scene plays a part in. */
function medianOf(rows: readonly RowTiming[], row: string, scene: string | undefined): number | undefined {
  const found = rows.find((each) => each.row === row && (each.scene === undefined || each.scene === scene));
  return found && median(found.samples);
}
