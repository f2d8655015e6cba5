import { describe, expect, it } from "vitest";
import { int, ints, tensorAttribute } from "../attributes.ts";
import { describe as ports } from "../model.ts";
import { tensorOf } from "../tensor.ts";
import { buildModel, countOps } from "../testing/build.ts";
import type { NodeSpec } from "../testing/build.ts";
import { readGolden, relativeError } from "../testing/golden.ts";
import { runModel } from "../testing/run-model.ts";
import { shape, weights } from "../testing/vjp-cases/case.ts";
import { fixShapes } from "./fix-shapes.ts";

/** What torch leaves behind for x.reshape(b, c, h * w): a reshape to sizes computed from Shape. */
const computedReshape: NodeSpec[] = [
  { op: "Shape", inputs: ["x"], outputs: ["s"] },
  { op: "Gather", inputs: ["s", "0"], outputs: ["b"], attributes: { axis: int(0) } },
  { op: "Gather", inputs: ["s", "2"], outputs: ["h"], attributes: { axis: int(0) } },
  { op: "Gather", inputs: ["s", "-1"], outputs: ["w"], attributes: { axis: int(0) } },
  { op: "Mul", inputs: ["h", "w"], outputs: ["hw"] },
  { op: "Unsqueeze", inputs: ["b", "[0]"], outputs: ["b1"] },
  { op: "Unsqueeze", inputs: ["hw", "[0]"], outputs: ["hw1"] },
  { op: "Constant", inputs: [], outputs: ["c1"], attributes: { value: tensorAttribute(shape(-1)) } },
  { op: "Concat", inputs: ["b1", "c1", "hw1"], outputs: ["target"], attributes: { axis: int(0) } },
  { op: "Reshape", inputs: ["x", "target"], outputs: ["y"] },
];
const scalarIndex = (value: number) => tensorOf("int64", [], [value]);
const reshaping = buildModel({
  inputs: { x: ["batch", 3, "height", "width"] },
  constants: { 0: scalarIndex(0), 2: scalarIndex(2), "-1": scalarIndex(-1), "[0]": shape(0) },
  nodes: computedReshape,
  outputs: { y: { dtype: "float32", dims: ["what", "ever", "height"] } },
});

describe("fixing shapes", () => {
  it('keeps what means "to the end", though a number cannot hold it', async () => {
    const model = buildModel({
      inputs: { x: [2, 10] },
      constants: { four: shape(4), one: shape(1) },
      nodes: [
        { op: "Constant", inputs: [], outputs: ["end"], attributes: { value_ints: ints([2 ** 63]) } },
        { op: "Slice", inputs: ["x", "four", "end", "one"], outputs: ["y"] },
      ],
      outputs: { y: "float32" },
    });
    const fixed = fixShapes(model);
    expect(ports(fixed).outputs[0]!.dims).toEqual([2, 6]);
    const x = { dims: [2, 10], data: Array.from({ length: 20 }, (_, i) => i) };
    expect([...(await runModel(fixed, { x }))["y"]!.data]).toEqual([
      4, 5, 6, 7, 8, 9, 14, 15, 16, 17, 18, 19,
    ]);
  });

  it("computes shape arithmetic away and states every type", () => {
    const fixed = fixShapes(reshaping, { x: [2, 3, 4, 5] });
    expect(countOps(fixed)).toEqual({ Reshape: 1 });
    expect([...fixed.graph.initializers.keys()]).toEqual(["target"]);
    expect(ports(fixed)).toEqual({
      inputs: [{ name: "x", dtype: "float32", dims: [2, 3, 4, 5] }],
      // The symbols declared for outputs are often wrong; what follows from the inputs counts.
      outputs: [{ name: "y", dtype: "float32", dims: [2, 3, 20] }],
    });
  });

  it("leaves the model it was given as it was", () => {
    const before = structuredClone(reshaping);
    fixShapes(reshaping, { x: [2, 3, 4, 5] });
    expect(reshaping).toEqual(before);
  });

  it("spreads a symbol to the inputs that share it", () => {
    const model = buildModel({
      inputs: { x: ["batch", 4], t: ["batch", 1] },
      nodes: [{ op: "Add", inputs: ["x", "t"], outputs: ["y"] }],
      outputs: { y: "float32" },
    });
    const { inputs, outputs } = ports(fixShapes(model, { x: [3, 4] }));
    expect(inputs[1]!.dims).toEqual([3, 1]);
    expect(outputs[0]!.dims).toEqual([3, 4]);
  });

  it("refuses sizes that do not fit, are missing, or belong to no input", () => {
    expect(() => fixShapes(reshaping)).toThrow(/"x" \[batch, 3, height, width\] is not fixed/);
    expect(() => fixShapes(reshaping, { x: [1, 4, 8, 8] })).toThrow(
      /takes \[batch, 3, height, width\], not \[1, 4, 8, 8\]/,
    );
    expect(() => fixShapes(reshaping, { x: [1, 3, 8] })).toThrow(/not \[1, 3, 8\]/);
    expect(() => fixShapes(reshaping, { z: [1] })).toThrow(/no input "z".*x/);
  });

  it("names the node where sizes clash", () => {
    const model = buildModel({
      inputs: { x: ["n", 3] },
      constants: { w: weights([4, 2]) },
      nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["y"] }],
      outputs: { y: "float32" },
    });
    expect(() => fixShapes(model, { x: [5, 3] })).toThrow(
      /MatMul "MatMul_0" cannot multiply \[5, 3\] by \[4, 2\]/,
    );
  });

  for (const name of ["vae_encoder", "unet"]) {
    it(`${name}: every type is known, no shape arithmetic is left, results stay`, async () => {
      const { model, shapes, inputs, output, outputs } = readGolden(name);
      const fixed = fixShapes(model, shapes);
      const counts = countOps(fixed);
      for (const op of ["Shape", "Gather", "Constant", "ConstantOfShape"])
        expect(counts[op], op).toBeUndefined();
      const typed = new Set([...fixed.graph.values.keys(), ...fixed.graph.outputs.map((port) => port.name)]);
      expect(fixed.graph.nodes.flatMap((node) => node.outputs).filter((value) => !typed.has(value))).toEqual(
        [],
      );
      const result = await runModel(fixed, inputs);
      expect(relativeError(result[output]!.data, outputs.data)).toBeLessThan(1e-5);
    });
  }
});
