import { axisOf, getInt } from "../attributes.ts";
import { alongAxis, selection } from "./along-axis.ts";
import { unslice } from "./layout.ts";
import type { VjpRule, VjpTable } from "./rule.ts";
import { unsupported } from "./rule.ts";

/** Lookups with fixed indices, e.g. taking q, k, v from one tensor. Repeated indices add up. */
const gather: VjpRule = ({ b, v, node, inputs }) => {
  const [x, indices] = inputs as [string, string];
  const dims = b.dims(x);
  const axis = axisOf(getInt(node, "axis") ?? 0, dims.length);
  const size = dims[axis]!;
  const rows = b.values(indices)?.map((index) => axisOf(index, size));
  if (!rows) throw unsupported(node, "no gradient when the indices are computed");
  return [
    () => {
      const flat = b.reshape(v, dims.with(axis, rows.length));
      const step = (rows[1] ?? rows[0]! + 1) - rows[0]!;
      const regular = step !== 0 && rows.every((row, i) => row === rows[0]! + i * step);
      if (regular) return unslice(b, flat, { axis, start: rows[0]!, step, count: rows.length }, size);
      return alongAxis(b, flat, axis, selection(rows, size));
    },
  ];
};

/** Running sums pull back to running sums from the other end. */
const cumSum: VjpRule = ({ b, v, node, inputs }) => {
  const reverse = { kind: "int", value: 1 - (getInt(node, "reverse") ?? 0) } as const;
  return [() => b.emit("CumSum", [v, inputs[1]!], { ...Object.fromEntries(node.attributes), reverse })];
};

export const indexing: VjpTable = { Gather: gather, CumSum: cumSum };
