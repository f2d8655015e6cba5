import type { Ops } from "../../ops.ts";
import type { ExpansionTable } from "./expansion.ts";

const sum = (b: Ops, parts: readonly string[]): string => parts.reduce((total, part) => b.add(total, part));

/** Arithmetic that ONNX Runtime's WebGPU provider leaves to the CPU. */
export const arithmetic: ExpansionTable = {
  Sum: (b, { inputs }) => [sum(b, inputs)],
  Mean: (b, { inputs }) => [b.scale(sum(b, inputs), 1 / inputs.length)],
  /** (x > 0) − (x < 0) */
  Sign: (b, { inputs }) => {
    const [x] = inputs as [string];
    const [zero, { dtype }] = [b.scalar(0, x), b.type(x)];
    return [b.sub(b.cast(b.greater(x, zero), dtype), b.cast(b.less(x, zero), dtype))];
  },
};
