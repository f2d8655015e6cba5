import { scalarOf, tensorOf } from "../../tensor.ts";
import type { VjpCase, VjpCases } from "./case.ts";
import { one } from "./case.ts";

function pair(op: string, x: readonly number[], w: readonly number[], rest: Partial<VjpCase> = {}): VjpCase {
  return { inputs: { x, w }, nodes: one(op, ["w"]), ...rest };
}

function power(exponent: number, draw: VjpCase["draw"] = "normal"): VjpCase {
  return {
    inputs: { x: [2, 6] },
    nodes: one("Pow", ["e"]),
    constants: { e: scalarOf("float32", exponent) },
    draw,
  };
}

export const arithmeticCases: VjpCases = {
  "Add, same shape": pair("Add", [2, 3], [2, 3]),
  "Add, leading axes broadcast": pair("Add", [2, 3, 4], [4]),
  "Add, both broadcast": pair("Add", [2, 1, 4], [3, 1]),
  "Add to a scalar": pair("Add", [2, 3], []),
  "Add to itself": { inputs: { x: [5] }, nodes: one("Add", ["x"]) },
  "Sub, broadcast": pair("Sub", [2, 3, 4], [3, 1]),
  "Mul, broadcast": pair("Mul", [2, 3, 4], [1, 3, 1]),
  "Mul by itself": { inputs: { x: [5] }, nodes: one("Mul", ["x"]) },
  "Div, broadcast": pair("Div", [2, 3, 4], [1, 4], { draw: "positive" }),
  "Pow 2": power(2),
  "Pow 3": power(3, "positive"),
  "Pow 0.5": power(0.5, "positive"),
  "Pow -1.5": power(-1.5, "positive"),
  "Pow, whole exponent of another type": {
    inputs: { x: [2, 6] },
    nodes: one("Pow", ["e"]),
    constants: { e: scalarOf("int64", 2) },
    cpuOnly: true,
  },
  "Pow, exponents computed": pair("Pow", [2, 3], [3], { draw: "positive" }),
  "Max, broadcast": pair("Max", [2, 3], [3], { draw: "distinct" }),
  "Min, broadcast": pair("Min", [2, 3], [3], { draw: "distinct" }),
  "Max of three": {
    inputs: { x: [8], w: [8], u: [8] },
    nodes: one("Max", ["w", "u"]),
    draw: "distinct",
  },
  "Sum of three": { inputs: { x: [2, 3], w: [3], u: [2, 1] }, nodes: one("Sum", ["w", "u"]), cpuOnly: true },
  "Mean of two": { inputs: { x: [2, 3], w: [3] }, nodes: one("Mean", ["w"]), cpuOnly: true },
  Where: {
    inputs: { x: [2, 3], w: [3] },
    constants: { condition: tensorOf("bool", [2, 1], [1, 0]) },
    nodes: [{ op: "Where", inputs: ["condition", "x", "w"], outputs: ["y"] }],
  },
  "Where, condition from the input": {
    inputs: { x: [24] },
    constants: { limit: scalarOf("float32", 0.1) },
    nodes: [
      { op: "Greater", inputs: ["x", "limit"], outputs: ["above"] },
      { op: "Mul", inputs: ["x", "x"], outputs: ["squared"] },
      { op: "Where", inputs: ["above", "squared", "x"], outputs: ["y"] },
    ],
    draw: "distinct",
  },
};
