import { axisOf, getInt, getInts, getTensor } from "../attributes.ts";
import { slicesOf, splitSizes } from "../infer/layout.ts";
import { sizeOf, valuesOf } from "../tensor.ts";
import type { FoldRule, FoldTable } from "./rule.ts";
import { broadcastSource, eachIndex, pick, stridesOf } from "./strides.ts";

const same: FoldRule = ({ inputs }) => [inputs[0]!.values];

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

export const layout: FoldTable = {
  Identity: same,
  Reshape: same,
  Flatten: same,
  Squeeze: same,
  Unsqueeze: same,
  Expand: ({ inputs, outputs }) => [
    pick(outputs[0]!.dims, inputs[0]!.values, broadcastSource(inputs[0]!.dims)),
  ],
  Transpose: ({ node, inputs, outputs }) => {
    const { dims, values } = inputs[0]!;
    const perm = getInts(node, "perm") ?? dims.map((_, axis) => dims.length - 1 - axis);
    const strides = perm.map((axis) => stridesOf(dims)[axis]!);
    return [pick(outputs[0]!.dims, values, (index) => dot(index, strides))];
  },
  Concat: ({ node, inputs, outputs }) => {
    const { dims } = outputs[0]!;
    const axis = axisOf(getInt(node, "axis") ?? 0, dims.length);
    const result: number[] = [];
    eachIndex(dims, (index) => {
      let part = 0;
      let along = index[axis]!;
      while (along >= inputs[part]!.dims[axis]!) along -= inputs[part++]!.dims[axis]!;
      const strides = stridesOf(inputs[part]!.dims);
      result.push(inputs[part]!.values[dot(index.with(axis, along), strides)]!);
    });
    return [result];
  },
  Slice: ({ node, inputs, outputs, constant }) => {
    const { dims, values } = inputs[0]!;
    const strides = stridesOf(dims);
    const slices = slicesOf(node, dims, constant)!;
    const first = slices.reduce((sum, { axis, start }) => sum + start * strides[axis]!, 0);
    for (const { axis, step } of slices) strides[axis]! *= step;
    return [pick(outputs[0]!.dims, values, (index) => first + dot(index, strides))];
  },
  Split: ({ node, inputs, outputs, constant }) => {
    const { dims, values } = inputs[0]!;
    const strides = stridesOf(dims);
    const axis = axisOf(getInt(node, "axis") ?? 0, dims.length);
    let start = 0;
    return splitSizes(node, dims[axis]!, getInts(node, "split") ?? constant(1)).map((size, part) => {
      const offset = start * strides[axis]!;
      start += size;
      return pick(outputs[part]!.dims, values, (index) => offset + dot(index, strides));
    });
  },
  Gather: ({ node, inputs, outputs }) => {
    const [data, indices] = [inputs[0]!, inputs[1]!];
    const strides = stridesOf(data.dims);
    const axis = axisOf(getInt(node, "axis") ?? 0, data.dims.length);
    const at = stridesOf(indices.dims);
    const rank = indices.dims.length;
    return [
      pick(outputs[0]!.dims, data.values, (index) => {
        const along = indices.values[dot(at, index.slice(axis, axis + rank))]!;
        const place = [
          ...index.slice(0, axis),
          axisOfIndex(along, data.dims[axis]!),
          ...index.slice(axis + rank),
        ];
        return dot(place, strides);
      }),
    ];
  },
  ConstantOfShape: ({ node, outputs }) => {
    const tensor = getTensor(node, "value");
    const value = (tensor && valuesOf(tensor)?.[0]) ?? 0;
    return [Array.from({ length: sizeOf(outputs[0]!.dims) }, () => value)];
  },
  Range: ({ inputs, outputs }) => {
    const [start, , delta] = inputs.map((operand) => operand!.values[0]!);
    return [Array.from({ length: outputs[0]!.dims[0]! }, (_, i) => start! + i * delta!)];
  },
};

/** Negative indices count from the end. */
function axisOfIndex(index: number, size: number): number {
  return index < 0 ? index + size : index;
}
