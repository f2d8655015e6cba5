import { UserError } from "../../core/errors.ts";
import { axisOf, getInt } from "../attributes.ts";
import type { GraphNode, Model } from "../model.ts";
import type { Ops } from "../ops.ts";
import { createOps, sameDims } from "../ops.ts";
import { tensorOf } from "../tensor.ts";

/**
 * Factors where what comes from below has the most channels and the second most: b on half of these, s on low
 * frequencies of the skip.
 */
export interface FreeU {
  readonly b1: number;
  readonly b2: number;
  readonly s1: number;
  readonly s2: number;
}

/** What github.com/ChenyangSi/FreeU and diffusers' documentation recommend, and what SSD's own code runs SD 2.1 with. */
export const PUBLISHED_FREE_U: readonly {
  readonly id: string;
  readonly label: string;
  readonly factors: FreeU;
}[] = [
  { id: "sd15", label: "Stable Diffusion 1.5", factors: { b1: 1.5, b2: 1.6, s1: 0.9, s2: 0.2 } },
  { id: "sd21", label: "Stable Diffusion 2.1", factors: { b1: 1.4, b2: 1.6, s1: 0.9, s2: 0.2 } },
  { id: "ssd", label: "SSD", factors: { b1: 1.1, b2: 1.1, s1: 0.9, s2: 0.2 } },
];

export const freeUInWords = ({ b1, b2, s1, s2 }: FreeU): string =>
  `FreeU b1=${b1} b2=${b2} s1=${s1} s2=${s2}`;

/**
 * FreeU, Si et al., "FreeU: Free Lunch in Diffusion U-Net", 2023, section 3.3, as the authors' code and that of SSD and
 * DreamCatalyst patch it in: joints with 1280 channels from below (four times those of the highest level) have b1 and s1,
 * those with 640 have b2 and s2, whichever up-block they are in. (diffusers' own switch has b1 and s1 in the first up-block,
 * b2 and s2 in the second.) b multiplies plainly, not by the mean map of eq. 5, and the mask on frequencies
 * (eq. 6 to 8, threshold 1) covers those of −1 and 0 along either axis. Written before each joint in standard operators.
 * Takes a UNet with fixed sizes; the factors become constants of it. Throws a UserError where it has no joint like Stable
 * Diffusion's.
 */
export function applyFreeU(model: Model, { b1, b2, s1, s2 }: FreeU): Model {
  const b = createOps(model);
  const joints = findJoints(model, b);
  const widths = [...new Set([...joints.values()].map(({ channels }) => channels))].sort((x, y) => y - x);
  const factors = new Map([
    [widths[0], { b: b1, s: s1 }],
    [widths[1], { b: b2, s: s2 }],
  ]);
  for (const node of model.graph.nodes) {
    const joint = joints.get(node);
    const factor = joint && factors.get(joint.channels);
    if (!factor) {
      b.keep(node);
      continue;
    }
    const backbone = amplifyHalf(b, joint.backbone, factor.b);
    const skip = scaleLowFrequencies(b, joint.skip, factor.s);
    b.keep({ ...node, inputs: node.inputs.map((input) => (input === joint.skip ? skip : backbone)) });
  }
  return b.finish(model.graph.outputs.map(({ name }) => name));
}

/** Throws the UserError that `applyFreeU` would, without changing anything. */
export function checkFreeU(model: Model): void {
  findJoints(model, createOps(model));
}

/** Where an up-block joins what comes from below with a skip, along the channels. */
interface Joint {
  readonly backbone: string;
  readonly skip: string;
  /** Of what comes from below. */
  readonly channels: number;
}

function findJoints({ graph }: Model, b: Ops): ReadonlyMap<GraphNode, Joint> {
  const madeAt = new Map(
    graph.nodes.flatMap(({ outputs }, i) => outputs.map((output) => [output, i] as const)),
  );
  const joints = new Map(
    graph.nodes.flatMap((node) => {
      const [first, second, ...others] = node.inputs;
      if (node.op !== "Concat" || node.domain !== "" || !first || !second || others.length > 0) return [];
      if (!b.knows(first) || !b.knows(second) || b.dims(first).length !== 4) return [];
      const [rows, columns] = b.dims(first).slice(2) as [number, number];
      const isJoint =
        axisOf(getInt(node, "axis")!, 4) === 1 && sameDims(b.dims(second).slice(2), [rows, columns]);
      const [firstAt, secondAt] = [madeAt.get(first), madeAt.get(second)];
      if (!isJoint || firstAt === undefined || secondAt === undefined) return [];
      // A skip was made on the way down, long before what it is joined with.
      const [backbone, skip] = firstAt > secondAt ? [first, second] : [second, first];
      return [[node, { backbone, skip, channels: b.dims(backbone)[1]! }] as const];
    }),
  );
  if (joints.size > 0) return joints;
  throw new UserError(
    "The UNet has no up-blocks that are joined with skips, which FreeU changes.",
    "Run it without FreeU.",
  );
}

/** Multiplies the first half of the channels of [N, C, H, W]. */
function amplifyHalf(b: Ops, x: string, factor: number): string {
  if (factor === 1) return x;
  const { dtype, dims } = b.type(x);
  const channels = dims[1]!;
  const half = Math.floor(channels / 2);
  const factors = Array.from({ length: channels }, (_, c) => (c < half ? factor : 1));
  return b.mul(x, b.constant(tensorOf(dtype, [1, channels, 1, 1], factors), "freeu"));
}

/**
 * x + (s − 1)·P x, where P projects maps [H, W] onto their low frequencies. P has at most seven real waves, so it is two
 * thin products: Re Σ e^{i(φ(p) − φ(q))} x(q) = Σ (cos φ(p) cos φ(q) + sin φ(p) sin φ(q)) x(q).
 */
function scaleLowFrequencies(b: Ops, x: string, scale: number): string {
  if (scale === 1) return x;
  const { dtype, dims } = b.type(x);
  const [batch, channels, rows, columns] = dims as [number, number, number, number];
  const pixels = rows * columns;
  const waves = lowWaves(rows, columns);
  const constant = (size: readonly number[], values: readonly number[]): string =>
    b.constant(tensorOf(dtype, size, values), "freeu");
  const analysis = constant(
    [pixels, waves.length],
    waves[0]!.flatMap((_, pixel) => waves.map((wave) => wave[pixel]!)),
  );
  const synthesis = constant(
    [waves.length, pixels],
    waves.flat().map((value) => (scale - 1) * value),
  );
  const flat = b.reshape(x, [batch, channels, pixels]);
  const change = b.matMul(b.matMul(flat, analysis), synthesis);
  return b.add(x, b.reshape(change, dims));
}

/** Orthonormal waves over [rows · columns] pixels of the frequencies −1 and 0 along either axis. */
function lowWaves(rows: number, columns: number): readonly (readonly number[])[] {
  const frequencies = [0, -1].flatMap((u) => [0, -1].map((v) => [u, v] as const));
  // On maps one pixel wide the two frequencies are one.
  const distinct = frequencies.filter(([u, v]) => !(u !== 0 && rows === 1) && !(v !== 0 && columns === 1));
  return distinct.flatMap(([u, v]) =>
    [Math.cos, Math.sin]
      .map((part) =>
        Array.from({ length: rows * columns }, (_, pixel) => {
          const phase =
            2 * Math.PI * ((u * Math.floor(pixel / columns)) / rows + (v * (pixel % columns)) / columns);
          return part(phase) / Math.sqrt(rows * columns);
        }),
      )
      .filter((wave) => wave.some((value) => Math.abs(value) > 1e-9)),
  );
}
