import { getInt, getInts, getText } from "../attributes.ts";
import { slide, windowOf } from "../infer/window.ts";
import type { GraphNode } from "../model.ts";
import type { Ops } from "../ops.ts";
import { sameDims } from "../ops.ts";
import { sizeOf, tensorOf } from "../tensor.ts";
import type { Matrix } from "./along-axis.ts";
import { alongAxis } from "./along-axis.ts";
import { transposedConvolution } from "./convolution.ts";
import type { VjpRule, VjpTable } from "./rule.ts";
import { unsupported } from "./rule.ts";

/** Source coordinate of output i: the coordinate transformation modes of Resize. */
const COORDINATES: Record<string, (i: number, scale: number, from: number, to: number) => number> = {
  asymmetric: (i, scale) => i / scale,
  half_pixel: (i, scale) => (i + 0.5) / scale - 0.5,
  pytorch_half_pixel: (i, scale, _, to) => (to > 1 ? (i + 0.5) / scale - 0.5 : 0),
  align_corners: (i, _, from, to) => (to > 1 ? (i * (from - 1)) / (to - 1) : 0),
};

const ROUNDING: Record<string, (x: number) => number> = {
  floor: Math.floor,
  ceil: Math.ceil,
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
};

const clamp = (index: number, size: number): number => Math.max(0, Math.min(index, size - 1));

/** The linear map of a Resize along one axis; undefined for modes that are not covered. */
function resizeMatrix(
  node: GraphNode,
  opset: number,
  from: number,
  to: number,
  scale: number,
): Matrix | undefined {
  const mode = getText(node, "mode") ?? "nearest";
  const old = node.op === "Upsample" || opset < 11;
  const coordinate =
    COORDINATES[getText(node, "coordinate_transformation_mode") ?? (old ? "asymmetric" : "half_pixel")];
  const round = ROUNDING[getText(node, "nearest_mode") ?? (old ? "floor" : "round_prefer_floor")];
  if (!coordinate || !round || getInt(node, "antialias")) return undefined;
  if (mode !== "nearest" && mode !== "linear") return undefined;
  return Array.from({ length: to }, (_, i) => {
    const x = coordinate(i, scale, from, to);
    const row = Array.from({ length: from }, () => 0);
    if (mode === "nearest") row[clamp(round(x), from)] = 1;
    else {
      const base = Math.floor(x);
      row[clamp(base, from)]! += 1 - (x - base);
      row[clamp(base + 1, from)]! += x - base;
    }
    return row;
  });
}

/** How often every element is repeated in place, when that is all the map does. */
function repetition(matrix: Matrix): number | undefined {
  const factor = matrix.length / matrix[0]!.length;
  const repeats = Number.isInteger(factor) && matrix.every((row, i) => row[Math.floor(i / factor)] === 1);
  return repeats ? factor : undefined;
}

/** Sums blocks: what pulls back through repeating every element `factors[axis]` times. */
function sumBlocks(b: Ops, v: string, dims: readonly number[], factors: readonly number[]): string {
  const blocks = dims.flatMap((size, axis) => (factors[axis] === 1 ? [size] : [size, factors[axis]!]));
  const axes: number[] = [];
  let at = 0;
  for (const factor of factors) {
    if (factor !== 1) axes.push(at + 1);
    at += factor === 1 ? 1 : 2;
  }
  return b.reshape(b.reduceSum(b.reshape(v, blocks), axes), dims);
}

const resize: VjpRule = ({ b, v, node, inputs }) => {
  const dims = b.dims(inputs[0]!);
  const out = b.dims(v);
  const scales = b.values(inputs[node.op === "Upsample" || b.opset < 11 ? 1 : 2] ?? "");
  const axes = getInts(node, "axes") ?? dims.map((_, axis) => axis);
  const scaleOf = (axis: number): number => {
    const given = scales?.length ? scales[axes.indexOf(axis)] : undefined;
    return given ?? out[axis]! / dims[axis]!;
  };
  return [
    () => {
      const matrices = dims.map((size, axis) => {
        const matrix = resizeMatrix(node, b.opset, size, out[axis]!, scaleOf(axis));
        if (!matrix) throw unsupported(node, "this mode of resizing has no gradient");
        return matrix;
      });
      const factors = matrices.map(repetition);
      if (factors.every((factor) => factor !== undefined)) return sumBlocks(b, v, dims, factors);
      return matrices.reduce(
        (result, matrix, axis) => (factors[axis] === 1 ? result : alongAxis(b, result, axis, matrix)),
        v,
      );
    },
  ];
};

/** Divides by how many elements each window averages, then adds the share to all of them. */
const averagePool: VjpRule = ({ b, v, node, inputs }) => {
  const dims = b.dims(inputs[0]!);
  const [channels, spatial, outSpatial] = [dims[1]!, dims.slice(2), b.dims(v).slice(2)];
  const window = windowOf(node, spatial, getInts(node, "kernel_shape")!);
  const { kernel, strides, dilations, pads } = window;
  const countPadding = getInt(node, "count_include_pad") === 1;
  return [
    () => {
      const tiles = kernel.every((k, i) => k === strides[i] && k * outSpatial[i]! === spatial[i]);
      if (tiles && pads.every((size) => size === 0)) {
        return repeatBlocks(b, b.scale(v, 1 / sizeOf(kernel)), dims, [1, 1, ...kernel]);
      }
      const inside = (axis: number, out: number): number => {
        let count = 0;
        for (let k = 0; k < kernel[axis]!; k++) {
          const at = out * strides[axis]! - pads[axis]! + k * dilations[axis]!;
          const [low, high] = countPadding
            ? [-pads[axis]!, spatial[axis]! + pads[axis + spatial.length]!]
            : [0, spatial[axis]!];
          if (at >= low && at < high) count++;
        }
        return count;
      };
      // Windows are boxes, so the counts are products over the axes.
      const share = outSpatial.reduce((result, size, axis) => {
        const inverse = Array.from({ length: size }, (_, out) => 1 / inside(axis, out));
        const shape = [1, 1, ...outSpatial.map((_, i) => (i === axis ? size : 1))];
        return b.mul(result, b.constant(tensorOf(b.type(v).dtype, shape, inverse), "share"));
      }, v);
      const ones = tensorOf(
        b.type(v).dtype,
        [channels, 1, ...kernel],
        Array(channels * sizeOf(kernel)).fill(1),
      );
      return transposedConvolution(b, share, b.constant(ones, "box"), {
        ...window,
        group: channels,
        spatial,
      });
    },
  ];
};

/** Repeats every element in place, `factors[axis]` times along each axis. */
function repeatBlocks(b: Ops, x: string, dims: readonly number[], factors: readonly number[]): string {
  const from = b.dims(x);
  const pairs = (repeat: boolean): number[] =>
    from.flatMap((size, axis) => (factors[axis] === 1 ? [size] : [size, repeat ? factors[axis]! : 1]));
  return b.reshape(b.expand(b.reshape(x, pairs(false)), pairs(true)), dims);
}

/** Windows that tile the input; the cotangent is shared equally among the elements that attain the maximum. */
const maxPool: VjpRule = ({ b, v, node, inputs, outputs }) => {
  const x = inputs[0]!;
  const dims = b.dims(x);
  const { kernel, strides, pads, dilations } = windowOf(node, dims.slice(2), getInts(node, "kernel_shape")!);
  const tiled = slide(dims.slice(2), { kernel, strides, pads, dilations }).every(
    (n, i) => n * kernel[i]! === dims[i + 2],
  );
  if (
    !sameDims(kernel, strides) ||
    pads.some((size) => size !== 0) ||
    dilations.some((d) => d !== 1) ||
    !tiled
  ) {
    throw unsupported(node, "no gradient for windows that overlap or leave elements out");
  }
  return [
    () => {
      const pairs = (full: boolean): number[] => [
        dims[0]!,
        dims[1]!,
        ...kernel.flatMap((k, i) => [dims[i + 2]! / k, full ? k : 1]),
      ];
      const within = kernel.map((_, i) => 3 + 2 * i);
      const blocks = b.reshape(x, pairs(true));
      const isLess = b.less(blocks, b.reshape(outputs[0]!, pairs(false)));
      const mask = b.cast(b.not(isLess), b.type(v).dtype);
      const perWinner = b.div(b.reshape(v, pairs(false)), b.reduceSum(mask, within));
      return b.reshape(b.mul(mask, perWinner), dims);
    },
  ];
};

/** Operators that change the resolution. */
export const resampling: VjpTable = {
  Resize: resize,
  Upsample: resize,
  AveragePool: averagePool,
  MaxPool: maxPool,
};
