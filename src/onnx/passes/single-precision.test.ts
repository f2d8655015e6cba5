import { expect, it } from "vitest";
import { int, tensorAttribute } from "../attributes.ts";
import type { Model } from "../model.ts";
import { sizeOf, tensorOf } from "../tensor.ts";
import { buildModel } from "../testing/build.ts";
import { relativeError } from "../testing/golden.ts";
import { runModel } from "../testing/run-model.ts";
import { fixShapes } from "./fix-shapes.ts";
import { singlePrecision } from "./single-precision.ts";

const SIDE = 200; // a weight too large to be converted when a file is read
const half = (dims: readonly number[], value: (i: number) => number) =>
  tensorOf(
    "float16",
    dims,
    Array.from({ length: sizeOf(dims) }, (_, i) => value(i)),
  );

/** y = relu(x·W + b + c·t) in halves, with the forms in which a type is written down. */
const inHalves = buildModel({
  inputs: { x: { dtype: "float16", dims: [2, SIDE] }, t: { dtype: "int64", dims: [1] } },
  constants: {
    w: half([SIDE, SIDE], (i) => Math.sin(i) / 8),
    b: half([SIDE], (i) => Math.cos(i)),
  },
  nodes: [
    { op: "MatMul", inputs: ["x", "w"], outputs: ["product"] },
    { op: "Add", inputs: ["product", "b"], outputs: ["biased"] },
    { op: "Cast", inputs: ["t"], outputs: ["time"], attributes: { to: int(10) } },
    {
      op: "Constant",
      inputs: [],
      outputs: ["c"],
      attributes: { value: tensorAttribute(half([], () => 0.5)) },
    },
    { op: "Mul", inputs: ["time", "c"], outputs: ["shift"] },
    { op: "Add", inputs: ["biased", "shift"], outputs: ["sum"] },
    { op: "Relu", inputs: ["sum"], outputs: ["y"] },
  ],
  outputs: { y: { dtype: "float16", dims: [2, SIDE] } },
});

const dtypesIn = ({ graph }: Model) => new Set([...graph.values.values()].map(({ dtype }) => dtype));

it("computes in float32 what a file says in float16, and takes and gives float32", async () => {
  const model = fixShapes(singlePrecision(inHalves));
  expect([model.graph.inputs[0]!.dtype, model.graph.outputs[0]!.dtype]).toEqual(["float32", "float32"]);
  expect(dtypesIn(model)).not.toContain("float16");
  const x = Array.from({ length: 2 * SIDE }, (_, i) => Math.sin(7 * i));
  const { y } = await runModel(model, { x: { dims: [2, SIDE], data: x }, t: { dims: [1], data: [3] } });
  const weight = (i: number): number => Math.fround(Math.sin(i) / 8);
  const exact = Array.from({ length: 2 * SIDE }, (_, i) => {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE];
    let sum = Math.cos(column) + 1.5;
    for (let k = 0; k < SIDE; k++) sum += x[row * SIDE + k]! * weight(k * SIDE + column);
    return Math.max(0, sum);
  });
  // Of the weights, which are halves still.
  expect(relativeError(y!.data, exact)).toBeLessThan(3e-4);
});

it("keeps large weights as the halves they are", () => {
  const { graph } = singlePrecision(inHalves);
  expect(graph.initializers.get("w_half")).toBe(inHalves.graph.initializers.get("w"));
  expect(graph.initializers.get("b")!.dtype).toBe("float32");
});

it("leaves a float32 network alone, also one whose weights are stored as halves", () => {
  const stored = buildModel({
    inputs: { x: [2, SIDE] },
    constants: { halves: half([SIDE, SIDE], () => 1) },
    nodes: [
      { op: "Cast", inputs: ["halves"], outputs: ["w"], attributes: { to: int(1) } },
      { op: "MatMul", inputs: ["x", "w"], outputs: ["y"] },
    ],
    outputs: { y: "float32" },
  });
  expect(singlePrecision(stored)).toBe(stored);
});
