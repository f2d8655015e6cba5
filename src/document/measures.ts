/** What splats can be selected by: a number for each. */
import { colorsFrom, type Color } from "../scene/colors.ts";
import { shCoefficients, type Splats } from "../scene/attributes.ts";
import type { Frame } from "./document.ts";

export interface Measure {
  readonly label: string;
  /** The number of a splat. */
  of(splats: Splats, frame: Frame): (splat: number) => number;
}

const column = (label: string, axis: 0 | 1 | 2): Measure => ({
  label,
  of:
    ({ means }) =>
    (i) =>
      means[3 * i + axis]!,
});

const colorMeasure = (label: string, value: (color: Color) => number): Measure => ({
  label,
  of(splats) {
    const colorOf = colorsFrom(splats);
    const color: Color = [0, 0, 0];
    return (i) => {
      colorOf(i, color);
      return value(color);
    };
  },
});

/** One axis of the ellipsoid by itself, in scene units. */
const axisLength = (label: string, axis: 0 | 1 | 2): Measure => ({
  label,
  of:
    ({ logScales }) =>
    (i) =>
      Math.exp(logScales[3 * i + axis]!),
});

/** One number of the unit quaternion (w, x, y, z). */
const rotationPart = (label: string, part: 0 | 1 | 2 | 3): Measure => ({
  label,
  of:
    ({ quaternions: q }) =>
    (i) =>
      q[4 * i + part]! / Math.hypot(q[4 * i]!, q[4 * i + 1]!, q[4 * i + 2]!, q[4 * i + 3]!),
});

/** Hue in turns from 0 (red) to 1, saturation and value, as in a colour picker (Smith 1978). */
function hsv([r, g, b]: Color): readonly [hue: number, saturation: number, value: number] {
  const value = Math.max(r, g, b);
  const range = value - Math.min(r, g, b);
  if (range === 0) return [0, 0, value];
  const sector = value === r ? (g - b) / range + 6 : value === g ? (b - r) / range + 2 : (r - g) / range + 4;
  return [(sector % 6) / 6, range / value, value];
}

export const MEASURES = {
  x: column("x", 0),
  y: column("y", 1),
  z: column("z", 2),
  distance: {
    label: "distance to the focus",
    of({ means }, { focus: { center } }) {
      const [x, y, z] = center;
      return (i) => Math.hypot(means[3 * i]! - x, means[3 * i + 1]! - y, means[3 * i + 2]! - z);
    },
  },
  opacity: {
    label: "opacity",
    of:
      ({ opacityLogits }) =>
      (i) =>
        1 / (1 + Math.exp(-opacityLogits[i]!)),
  },
  scale: {
    label: "size of the longest axis",
    of:
      ({ logScales }) =>
      (i) =>
        Math.exp(Math.max(logScales[3 * i]!, logScales[3 * i + 1]!, logScales[3 * i + 2]!)),
  },
  volume: {
    label: "volume of the ellipsoid",
    of:
      ({ logScales }) =>
      (i) =>
        (4 / 3) * Math.PI * Math.exp(logScales[3 * i]! + logScales[3 * i + 1]! + logScales[3 * i + 2]!),
  },
  scaleX: axisLength("size of axis 1", 0),
  scaleY: axisLength("size of axis 2", 1),
  scaleZ: axisLength("size of axis 3", 2),
  rotationW: rotationPart("rotation w", 0),
  rotationX: rotationPart("rotation x", 1),
  rotationY: rotationPart("rotation y", 2),
  rotationZ: rotationPart("rotation z", 3),
  red: colorMeasure("red", (color) => color[0]),
  green: colorMeasure("green", (color) => color[1]),
  blue: colorMeasure("blue", (color) => color[2]),
  hue: colorMeasure("hue, in turns", (color) => hsv(color)[0]),
  saturation: colorMeasure("saturation", (color) => hsv(color)[1]),
  value: colorMeasure("value (brightness)", (color) => hsv(color)[2]),
  gloss: {
    label: "change of color with the view",
    of({ sh, shDegree }) {
      const width = 3 * shCoefficients(shDegree);
      return (i) => Math.hypot(...sh.subarray(width * i + 3, width * (i + 1))); // without the band that is the same
    },
  },
} as const satisfies Record<string, Measure>;

export type MeasureId = keyof typeof MEASURES;
export const MEASURE_IDS = Object.keys(MEASURES) as MeasureId[];
