import { expect, test } from "vitest";
import { UserError } from "../core/errors.ts";
import { readSkeleton } from "../onnx/proto/skeleton.ts";
import { tensorOf } from "../onnx/tensor.ts";
import { buildModel } from "../onnx/testing/build.ts";
import { writeModel } from "../onnx/write.ts";
import { createSession } from "./session.ts";
import type { SessionError } from "./session.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { tinyModel } from "./testing/tiny-model.ts";

useNodeRuntime();

const ROW = { type: "float32", dims: ["n", 2] } as const;

/** y = factor·x */
const scaled = (factor: number) =>
  createSession(
    tinyModel({
      inputs: [{ name: "x", ...ROW }],
      outputs: [{ name: "y", ...ROW }],
      nodes: [{ op: "Mul", inputs: ["x", "factor"], output: "y" }],
      constants: { factor: { dims: [1], values: [factor] } },
    }),
    { name: "scaled", provider: "wasm" },
  );

const failure = (promise: Promise<unknown>): Promise<SessionError> =>
  promise.then(
    () => expect.fail("should have failed"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(UserError);
      return error as SessionError;
    },
  );

test("names, types and shapes come from the graph", async () => {
  const session = await scaled(3);
  expect(session.inputs).toEqual([{ name: "x", dtype: "float32", dims: ["n", 2] }]);
  expect(session.outputs).toEqual([{ name: "y", dtype: "float32", dims: ["n", 2] }]);
  const { cpu } = await session.run({ x: { data: [1, 2, 3, 4], dims: [2, 2] } });
  expect(cpu["y"]).toEqual({ data: Float32Array.of(3, 6, 9, 12), dims: [2, 2] });
  await session.dispose();
});

test("feeds are converted to the element type the graph declares", async () => {
  const types = ["int64", "int32", "uint8", "float16"] as const;
  const session = await createSession(
    tinyModel({
      inputs: types.map((type) => ({ name: type, type, dims: [2] })),
      outputs: types.map((type) => ({ name: `${type}_out`, type: "float32", dims: [2] })),
      nodes: types.map((type) => ({
        op: "Cast",
        inputs: [type],
        output: `${type}_out`,
        attributes: { to: 1 },
      })),
    }),
    { name: "casts", provider: "wasm" },
  );
  const { cpu } = await session.run(
    Object.fromEntries(types.map((type) => [type, { data: Float32Array.of(1, 200), dims: [2] }])),
  );
  for (const type of types) expect([...cpu[`${type}_out`]!.data]).toEqual([1, 200]);
  await session.dispose();
});

test("half-precision outputs are read as float32", async () => {
  const session = await createSession(
    tinyModel({
      inputs: [{ name: "x", type: "float32", dims: [3] }],
      outputs: [{ name: "y", type: "float16", dims: [3] }],
      nodes: [{ op: "Cast", inputs: ["x"], output: "y", attributes: { to: 10 } }],
    }),
    { name: "half", provider: "wasm" },
  );
  const { cpu } = await session.run({ x: { data: [0.5, -2, 1024], dims: [3] } });
  expect([...cpu["y"]!.data]).toEqual([0.5, -2, 1024]);
  await session.dispose();
});

test("a wrong feed is caught before it reaches the runtime, and harms nothing", async () => {
  const session = await scaled(2);
  await expect(session.run({})).rejects.toThrow("input x was not fed");
  await expect(session.run({ x: { data: [1, 2, 3], dims: [2, 2] } })).rejects.toThrow("expected 2 × 2 = 4");
  const { cpu } = await session.run({ x: { data: [1, 2], dims: [1, 2] } });
  expect([...cpu["y"]!.data]).toEqual([2, 4]);
  await session.dispose();
});

test("sessions used at once take turns", async () => {
  const factors = [2, 3, 5, 7];
  const sessions = await Promise.all(factors.map(scaled));
  const runs = sessions.flatMap((session, s) =>
    [1, 2, 3].map(async (x) => {
      const { cpu } = await session.run({ x: { data: [x, -x], dims: [1, 2] } });
      expect([...cpu["y"]!.data]).toEqual([x * factors[s]!, -x * factors[s]!]);
    }),
  );
  await Promise.all(runs);
  await Promise.all(sessions.map((session) => session.dispose()));
});

test("a failed run poisons its session and no other", async () => {
  const pairs = await createSession(
    tinyModel({
      inputs: [{ name: "x", type: "float32", dims: ["n"] }],
      outputs: [{ name: "y", type: "float32", dims: [2, "m"] }],
      nodes: [{ op: "Reshape", inputs: ["x", "shape"], output: "y" }],
      constants: { shape: { dims: [2], values: [2, -1], type: "int64" } },
    }),
    { name: "pairs", provider: "wasm" },
  );
  const other = await scaled(2);
  expect((await failure(pairs.run({ x: { data: [1, 2, 3], dims: [3] } }))).message).toMatch(
    "Running pairs failed",
  );
  expect((await failure(pairs.run({ x: { data: [1, 2], dims: [2] } }))).message).toMatch("failed before");
  expect([...(await other.run({ x: { data: [1, 2], dims: [1, 2] } })).cpu["y"]!.data]).toEqual([2, 4]);
  await Promise.all([pairs.dispose(), other.dispose()]);
});

test("a disposed session refuses to run; disposing twice is harmless", async () => {
  const session = await scaled(2);
  await session.dispose();
  await session.dispose();
  await failure(session.run({ x: { data: [1, 2], dims: [1, 2] } }));
});

test.each([
  ["text instead of a model", "bad-file", new TextEncoder().encode("<!doctype html><title>404</title>")],
  ["an empty file", "bad-file", new Uint8Array(0)],
  [
    "an operator nobody knows",
    "unsupported-op",
    tinyModel({
      inputs: [{ name: "x", ...ROW }],
      outputs: [{ name: "y", ...ROW }],
      nodes: [{ op: "Frobnicate", inputs: ["x"], output: "y" }],
    }),
  ],
])("%s is refused as %s", async (_, kind, bytes) => {
  const error = await failure(createSession(bytes, { name: "unet", provider: "wasm" }));
  expect(error.message).toMatch(/^Loading unet failed/);
  expect(error.kind).toBe(kind);
  expect(error.hint).not.toBe("");
});

test("weights may lie in the graph's own file, of which only the skeleton is read", async () => {
  const count = 400;
  const factors = tensorOf(
    "float32",
    [count],
    Array.from({ length: count }, (_, i) => i),
  );
  const bytes = writeModel(
    buildModel({
      inputs: { x: [count] },
      constants: { factors },
      nodes: [{ op: "Mul", inputs: ["x", "factors"], outputs: ["y"] }],
      outputs: { y: { dtype: "float32", dims: [count] } },
    }),
  );
  const data = new Blob([bytes]);
  const skeleton = await readSkeleton(data, "model.onnx");
  expect(skeleton.byteLength).toBeLessThan(bytes.byteLength / 2);
  const externalData = [{ path: "model.onnx", data }];
  const session = await createSession(skeleton, { name: "skeleton", provider: "wasm", externalData });
  const { cpu } = await session.run({ x: { data: Array<number>(count).fill(2), dims: [count] } });
  expect(cpu["y"]!.data[399]).toBe(798);
  await session.dispose();
});
