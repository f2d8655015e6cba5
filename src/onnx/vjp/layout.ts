import { axisOf, getInt, getInts, getText } from "../attributes.ts";
import type { AxisSlice } from "../infer/layout.ts";
import { padsOf, slicesOf } from "../infer/layout.ts";
import type { Ops } from "../ops.ts";
import { alongAxis, paddingSource, selection } from "./along-axis.ts";
import type { VjpRule, VjpTable } from "./rule.ts";
import { unbroadcast, unsupported } from "./rule.ts";

/** Anything that only changes the shape. */
const reshape: VjpRule = ({ b, v, inputs }) => [() => b.reshape(v, b.dims(inputs[0]!)), undefined];

const transpose: VjpRule = ({ b, v, node }) => {
  const rank = b.dims(v).length;
  const perm = getInts(node, "perm") ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const inverse = perm.map((_, axis) => perm.indexOf(axis));
  return [() => b.transpose(v, inverse)];
};

const expand: VjpRule = ({ b, v, inputs }) => [() => unbroadcast(b, v, b.dims(inputs[0]!)), undefined];

/** Sums the copies, which lie side by side: [r, n] per axis. */
const tile: VjpRule = ({ b, v, inputs }) => {
  const dims = b.dims(inputs[0]!);
  const pairs = dims.flatMap((size, axis) => [b.dims(v)[axis]! / size, size]);
  const copies = dims.map((_, axis) => 2 * axis).filter((at) => pairs[at] !== 1);
  return [() => b.reshape(b.reduceSum(b.reshape(v, pairs), copies), dims), undefined];
};

const concat: VjpRule = ({ b, v, node, inputs }) => {
  const axis = axisOf(getInt(node, "axis") ?? 0, b.dims(v).length);
  let next = 0;
  return inputs.map((x) => {
    const start = next;
    next += b.dims(x)[axis]!;
    return () => b.slice(v, axis, start, b.dims(x)[axis]!);
  });
};

const split: VjpRule = ({ b, cotangents, node, outputs }) => {
  const axis = axisOf(getInt(node, "axis") ?? 0, b.dims(outputs[0]!).length);
  return [
    () =>
      b.concat(
        outputs.map((output, i) => cotangents[i] ?? b.zeros(output)),
        axis,
      ),
    undefined,
  ];
};

/** Puts elements back where a slice took them from, zeros elsewhere. */
export function unslice(b: Ops, v: string, slice: AxisSlice, size: number): string {
  const { axis, count } = slice;
  const stride = Math.abs(slice.step);
  // Backwards slices are forward ones, read in reverse.
  const forward = slice.step > 0 ? v : b.slice(v, axis, count - 1, count, -1);
  const start = slice.step > 0 ? slice.start : slice.start - stride * (count - 1);
  const dims = b.dims(v);
  const at = (value: number): number[] => dims.map((_, i) => (i === axis ? value : 0));
  let spread = forward;
  if (stride > 1) {
    // [.., n, ..] → [.., n, 1, ..] → [.., n, stride, ..] → [.., n·stride, ..]
    const apart = b.reshape(forward, dims.toSpliced(axis + 1, 0, 1));
    const none = b.dims(apart).map(() => 0);
    spread = b.reshape(b.pad(apart, none, none.with(axis + 1, stride - 1)), dims.with(axis, count * stride));
  }
  return b.pad(spread, at(start), at(size - start - count * stride));
}

const slice: VjpRule = ({ b, v, node, inputs }) => {
  const dims = b.dims(inputs[0]!);
  const slices = slicesOf(node, dims, (i) => b.values(inputs[i] ?? ""));
  if (!slices) throw unsupported(node, "no gradient when what is sliced depends on the input");
  return [() => slices.reduce((result, part) => unslice(b, result, part, dims[part.axis]!), v)];
};

/** Cuts off what was padded; padding that repeats elements gives its share back to them. */
const pad: VjpRule = ({ b, v, node, inputs }) => {
  const dims = b.dims(inputs[0]!);
  const pads = padsOf(node, dims.length, (i) => b.values(inputs[i] ?? ""));
  if (!pads) throw unsupported(node, "no gradient when the padding depends on the input");
  const mode = getText(node, "mode") ?? "constant";
  const [begins, ends] = [pads.slice(0, dims.length), pads.slice(dims.length)];
  const cut = (): string => {
    if (pads.some((size) => size < 0)) {
      const negated = (sizes: readonly number[]): number[] => sizes.map((size) => 0 - size);
      return b.pad(v, negated(begins), negated(ends));
    }
    return dims.reduce((result, size, axis) => b.slice(result, axis, begins[axis]!, size), v);
  };
  const fold = (): string =>
    dims.reduce((result, size, axis) => {
      const total = size + begins[axis]! + ends[axis]!;
      if (total === size) return result;
      const source = Array.from({ length: total }, (_, i) => paddingSource(mode, i - begins[axis]!, size));
      return alongAxis(b, result, axis, selection(source, size));
    }, v);
  return [mode === "constant" ? cut : fold];
};

/** The k² blocks are the slow axis of the channels in mode DCR, the fast one in CRD. */
const depthToSpace: VjpRule = ({ b, v, node, inputs }) => {
  const [n, deep, h, w] = b.dims(inputs[0]!);
  const block = getInt(node, "blocksize")!;
  const crd = getText(node, "mode") === "CRD";
  const channels = deep! / block ** 2;
  return [
    () => {
      const blocks = b.reshape(v, [n!, channels, h!, block, w!, block]);
      return b.reshape(
        b.transpose(blocks, crd ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]),
        b.dims(inputs[0]!),
      );
    },
  ];
};

const spaceToDepth: VjpRule = ({ b, v, node, inputs }) => {
  const [n, channels, height, width] = b.dims(inputs[0]!);
  const block = getInt(node, "blocksize")!;
  return [
    () => {
      const blocks = b.reshape(v, [n!, block, block, channels!, height! / block, width! / block]);
      return b.reshape(b.transpose(blocks, [0, 3, 4, 1, 5, 2]), b.dims(inputs[0]!));
    },
  ];
};

/** Operators that move, repeat or drop elements. */
export const layout: VjpTable = {
  Reshape: reshape,
  Flatten: reshape,
  Squeeze: reshape,
  Unsqueeze: reshape,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
