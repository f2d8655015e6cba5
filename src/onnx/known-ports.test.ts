import { expect, test } from "vitest";
import { int, ints } from "./attributes.ts";
import { knownPorts } from "./known-ports.ts";
import { scalarOf, tensorOf } from "./tensor.ts";
import type { ModelSpec } from "./testing/build.ts";
import { buildModel } from "./testing/build.ts";
import { weights } from "./testing/vjp-cases/case.ts";

const IMAGE = ["batch", "channels", "height", "width"];
const OPEN = { dtype: "float32", dims: ["b", "c", "h", "w"] } as const;

/** Sizes that the inputs and the output turn out to have. */
function sizes(spec: Omit<ModelSpec, "outputs">) {
  const { inputs, outputs } = knownPorts(buildModel({ ...spec, outputs: { y: OPEN } }));
  return [...inputs, ...outputs].map(({ dims }) => dims);
}

test("a convolution tells the channels that it takes and gives, in groups too", () => {
  const nodes = [{ op: "Conv", inputs: ["x", "w"], outputs: ["y"], attributes: { group: int(2) } }];
  expect(sizes({ inputs: { x: IMAGE }, constants: { w: weights([6, 4, 3, 3]) }, nodes })).toEqual([
    ["batch", 8, "height", "width"],
    ["b", 6, "h", "w"],
  ]);
});

test("behind casts, and with weights in int8", () => {
  const constants = { q: tensorOf("int8", [6, 4, 1, 1], Array(24).fill(1)), s: scalarOf("float32", 0.1) };
  const nodes = [
    { op: "Cast", inputs: ["x"], outputs: ["x32"], attributes: { to: int(1) } },
    { op: "DequantizeLinear", inputs: ["q", "s"], outputs: ["w"] },
    { op: "Conv", inputs: ["x32", "w"], outputs: ["y32"] },
    { op: "Cast", inputs: ["y32"], outputs: ["y"], attributes: { to: int(1) } },
  ];
  const [x, y] = sizes({ inputs: { x: { dtype: "float16", dims: IMAGE } }, constants, nodes });
  expect([x![1], y![1]]).toEqual([4, 6]);
});

test("in ONNX Runtime's form with channels last", () => {
  const nodes = [
    { op: "Transpose", inputs: ["x"], outputs: ["last"], attributes: { perm: ints([0, 2, 3, 1]) } },
    { op: "NhwcConv", domain: "com.microsoft", inputs: ["last", "w"], outputs: ["y"] },
  ];
  const [x] = sizes({ inputs: { x: IMAGE }, constants: { w: weights([6, 3, 3, 4]) }, nodes });
  expect(x).toEqual(["batch", 4, "height", "width"]);
});

test("a product with a matrix tells the width of a text, also where the matrix is transposed", () => {
  const nodes = [
    { op: "Transpose", inputs: ["w"], outputs: ["turned"], attributes: { perm: ints([1, 0]) } },
    { op: "MatMul", inputs: ["x", "turned"], outputs: ["y"] },
  ];
  const [x] = sizes({
    inputs: { x: ["batch", "tokens", "width"] },
    constants: { w: weights([5, 7]) },
    nodes,
  });
  expect(x).toEqual(["batch", "tokens", 7]);
});

test("what the file says stays, and what nothing tells stays open", () => {
  const constants = { w: weights([6, 4, 3, 3]) };
  const nodes = [{ op: "Conv", inputs: ["x", "w"], outputs: ["y"] }];
  expect(sizes({ inputs: { x: [1, 3, "h", "w"] }, constants, nodes })[0]).toEqual([1, 3, "h", "w"]);
  const relu = [{ op: "Relu", inputs: ["x"], outputs: ["y"] }];
  expect(sizes({ inputs: { x: IMAGE }, nodes: relu })).toEqual([IMAGE, OPEN.dims]);
});
