import { expect, it } from "vitest";
import { int } from "./attributes.ts";
import { largestValue, lifetimes, peakBytes, peakOf, weightBytes, withoutWeights } from "./memory.ts";
import { fixShapes } from "./passes/fix-shapes.ts";
import { int64s, sizeOf, tensorOf } from "./tensor.ts";
import { buildModel } from "./testing/build.ts";

const weights = (dims: readonly number[]) => tensorOf("float32", dims, new Float32Array(sizeOf(dims)));

/** x and a take 32 bytes, b, c, d and e 64 each; r lies where a does. */
const model = fixShapes(
  buildModel({
    inputs: { x: [2, 4] },
    constants: { shape: int64s([1, 8]), w: weights([4, 8]), unused: weights([4, 4]) },
    nodes: [
      { op: "Relu", inputs: ["x"], outputs: ["a"] },
      { op: "Reshape", inputs: ["a", "shape"], outputs: ["r"] },
      { op: "Tanh", inputs: ["w"], outputs: ["w1"] },
      { op: "MatMul", inputs: ["a", "w"], outputs: ["b"] },
      { op: "Sqrt", inputs: ["b"], outputs: ["c"] },
      { op: "Tanh", inputs: ["w1"], outputs: ["w2"] },
      { op: "MatMul", inputs: ["a", "w2"], outputs: ["d"] },
      { op: "Add", inputs: ["d", "c"], outputs: ["e"] },
      { op: "Relu", inputs: ["r"], outputs: ["y"] },
    ],
    outputs: { y: "float32", e: "float32" },
  }),
);

it("a value lives from the node that makes it to the last that reads it, a reshaped one in the same memory", () => {
  const lives = lifetimes(model);
  expect(lives.get("x")).toEqual({ bytes: 32, from: -1, to: 9 });
  expect(lives.get("a")).toEqual({ bytes: 32, from: 0, to: 8 });
  expect(lives.get("r")).toBe(lives.get("a"));
  expect(lives.get("b")).toEqual({ bytes: 64, from: 3, to: 4 });
  expect(lives.get("e")).toEqual({ bytes: 64, from: 7, to: 9 });
});

it("what follows from weights alone is no value of a run", () => {
  const lives = lifetimes(model);
  expect(lives.has("w1") || lives.has("w2")).toBe(false);
});

it("the peak is where most is alive at once", () => {
  const lives = [...lifetimes(model).values()];
  const at = (node: number) => peakOf(lives, node, node + 1);
  expect(at(0)).toBe(64); // x, a
  expect(at(4)).toBe(192); // x, a, b, c
  expect(at(7)).toBe(256); // x, a, c, d, e
  expect(peakBytes(model)).toBe(256);
  expect(largestValue(model)).toBe(64);
  expect(peakOf(lives, 0, 4)).toBe(128);
});

it("weights count by their sizes, in memory or not", () => {
  expect(weightBytes(model)).toBe(16 + 128); // the one that no node reads is gone
  const large = buildModel({
    inputs: { x: [1, 512] },
    constants: { w: weights([512, 4]), axes: int64s([1]) },
    nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["y"] }],
    outputs: { y: "float32" },
  });
  const empty = withoutWeights(large);
  expect(empty.graph.initializers.get("w")!.raw.byteLength).toBe(0);
  expect(empty.graph.initializers.get("axes")).toBe(large.graph.initializers.get("axes"));
  expect(weightBytes(empty)).toBe(weightBytes(large));
});

it("weights stored as halves count as the floats they are cast to when they are loaded", () => {
  const stored = buildModel({
    inputs: { x: [1, 8] },
    constants: { halves: tensorOf("float16", [8, 4], new Float32Array(32)) },
    nodes: [
      { op: "Cast", inputs: ["halves"], outputs: ["w"], attributes: { to: int(1) } },
      { op: "MatMul", inputs: ["x", "w"], outputs: ["y"] },
    ],
    outputs: { y: "float32" },
  });
  expect(weightBytes(stored)).toBe(4 * 32);
});
