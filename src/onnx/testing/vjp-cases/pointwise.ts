import { float, int, text } from "../../attributes.ts";
import { scalarOf } from "../../tensor.ts";
import type { VjpCases } from "./case.ts";
import { one, unaries, weights } from "./case.ts";

const f32 = (value: number) => scalarOf("float32", value);

export const pointwiseCases: VjpCases = {
  ...unaries(["Neg", "Exp", "Sin", "Cos", "Erf", "Tanh", "Sigmoid", "Softplus", "Identity", "Elu"]),
  ...unaries(["Log", "Sqrt", "Reciprocal"], { draw: "positive" }),
  ...unaries(["Relu", "Abs", "LeakyRelu", "HardSigmoid", "HardSwish"], { draw: "distinct" }),
  "Gelu, exact": { opset: 20, inputs: { x: [2, 12] }, nodes: one("Gelu") },
  "Gelu, tanh": { opset: 20, inputs: { x: [2, 12] }, nodes: one("Gelu", [], { approximate: text("tanh") }) },
  "Gelu of com.microsoft": { inputs: { x: [2, 12] }, nodes: one("Gelu", [], {}, "com.microsoft") },
  QuickGelu: {
    inputs: { x: [2, 12] },
    nodes: one("QuickGelu", [], { alpha: float(1.702) }, "com.microsoft"),
  },
  "FastGelu with bias": {
    inputs: { x: [2, 12], bias: [12] },
    nodes: one("FastGelu", ["bias"], {}, "com.microsoft"),
  },
  BiasGelu: { inputs: { x: [2, 12], bias: [12] }, nodes: one("BiasGelu", ["bias"], {}, "com.microsoft") },
  "SiLU, two paths": {
    inputs: { x: [2, 12] },
    nodes: [
      { op: "Sigmoid", inputs: ["x"], outputs: ["s"] },
      { op: "Mul", inputs: ["x", "s"], outputs: ["y"] },
    ],
  },
  "LeakyRelu, alpha": {
    inputs: { x: [24] },
    nodes: one("LeakyRelu", [], { alpha: float(0.2) }),
    draw: "distinct",
  },
  "Elu, alpha": { inputs: { x: [24] }, nodes: one("Elu", [], { alpha: float(0.7) }), draw: "distinct" },
  PRelu: {
    inputs: { x: [2, 3, 4] },
    nodes: one("PRelu", ["slope"]),
    constants: { slope: weights([3, 1]) },
    draw: "distinct",
  },
  Swish: { opset: 24, inputs: { x: [2, 12] }, nodes: one("Swish", [], { alpha: float(1.5) }) },
  CastLike: {
    inputs: { x: [2, 3] },
    constants: { double: scalarOf("float64", 0) },
    nodes: [
      { op: "CastLike", inputs: ["x", "double"], outputs: ["wide"] },
      { op: "Mul", inputs: ["wide", "wide"], outputs: ["squared"] },
      { op: "Cast", inputs: ["squared"], outputs: ["y"], attributes: { to: int(1) } },
    ],
    cpuOnly: true,
  },
  "Clip, both bounds": {
    inputs: { x: [40] },
    nodes: one("Clip", ["low", "high"]),
    constants: { low: f32(-0.6), high: f32(0.4) },
    draw: "distinct",
  },
  "Clip, upper bound alone": {
    inputs: { x: [40] },
    nodes: one("Clip", ["", "high"]),
    constants: { high: f32(0.4) },
    draw: "distinct",
  },
  "Clip, bounds as attributes": {
    opset: 10,
    inputs: { x: [40] },
    nodes: one("Clip", [], { min: float(-0.6), max: float(0.4) }),
    draw: "distinct",
  },
  "Dropout at inference": {
    opset: 12,
    inputs: { x: [2, 3] },
    nodes: one("Dropout"),
    cpuOnly: true,
  },
  "Cast to double and back": {
    inputs: { x: [2, 3] },
    nodes: [
      { op: "Mul", inputs: ["x", "x"], outputs: ["squared"] },
      { op: "Cast", inputs: ["squared"], outputs: ["wide"], attributes: { to: int(11) } },
      { op: "Cast", inputs: ["wide"], outputs: ["y"], attributes: { to: int(1) } },
    ],
    cpuOnly: true,
  },
};
