import { getInts } from "../../attributes.ts";
import type { GraphNode } from "../../model.ts";

/** One axis of attention's tensors; of size 1 it says nothing and is left out. */
interface Atom {
  readonly axis: "batch" | "heads" | "length" | "width";
  readonly size: number;
}

/** What each dimension of a value runs over, outer axis first: [N, S, H·d] is batch; length; heads, width. */
export type Arrangement = readonly (readonly Atom[])[];

export interface HeadSizes {
  readonly batch: number;
  readonly heads: number;
  readonly length: number;
  readonly width: number;
}

const axesOf = (sizes: HeadSizes, ...axes: readonly Atom["axis"][]): readonly Atom[] =>
  axes.map((axis) => ({ axis, size: sizes[axis] })).filter(({ size }) => size !== 1);

/** Heads side by side, as projections give and take them: [N, S, H·d]. */
export const together = (sizes: HeadSizes): Arrangement => [
  axesOf(sizes, "batch"),
  axesOf(sizes, "length"),
  axesOf(sizes, "heads", "width"),
];

/** A matrix a head, [N, H, S, d] or [N·H, S, d], as products of them need; undefined where `dims` are none. */
export const apart = (sizes: HeadSizes, dims: readonly number[]): Arrangement | undefined =>
  regroup([axesOf(sizes, "batch", "heads", "length", "width")], dims);

/** The same with the last two dimensions exchanged. */
export const apartTransposed = (sizes: HeadSizes, dims: readonly number[]): Arrangement | undefined =>
  regroup([axesOf(sizes, "batch", "heads", "width", "length")], dims);

export const isSame = (a: Arrangement | undefined, b: Arrangement | undefined): boolean =>
  a !== undefined && b !== undefined && spell(a) === spell(b);

const spell = (dims: Arrangement): string =>
  dims.map((atoms) => atoms.map(({ axis }) => axis).join("·")).join(", ");

/** Operators that keep the elements in their order. */
const KEEP_ORDER = new Set(["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity"]);

/** Whether a node does nothing but arrange its first input anew. */
export const isArranging = ({ op, domain }: GraphNode): boolean =>
  domain === "" && (KEEP_ORDER.has(op) || op === "Transpose");

/**
 * The arrangement behind a node that `isArranging`; undefined where it tears an axis apart.
 * @param dims sizes of the node's output
 */
export function arrange(
  node: GraphNode,
  from: Arrangement | undefined,
  dims: readonly number[],
): Arrangement | undefined {
  if (!from || node.op !== "Transpose") return from && regroup(from, dims);
  const perm = getInts(node, "perm") ?? from.map((_, axis) => from.length - 1 - axis);
  return perm.map((axis) => from[axis]!);
}

function regroup(from: Arrangement, dims: readonly number[]): Arrangement | undefined {
  const atoms = from.flat();
  let next = 0;
  const grouped = dims.map((size) => {
    const group: Atom[] = [];
    for (let product = 1; product < size && next < atoms.length;) {
      const atom = atoms[next++]!;
      group.push(atom);
      product *= atom.size;
    }
    return group;
  });
  const fits = grouped.every((group, i) => group.reduce((size, atom) => size * atom.size, 1) === dims[i]);
  return fits && next === atoms.length ? grouped : undefined;
}
