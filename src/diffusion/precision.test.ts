import { describe, expect, it } from "vitest";
import type { Gpu } from "../gpu/device.ts";
import { castNode } from "../onnx/cast.ts";
import { buildModel } from "../onnx/testing/build.ts";
import type { DType } from "../onnx/dtype.ts";
import { choosePrecision } from "./precision.ts";

/** A UNet with so many numbers for weights, stored in a type. */
const unet = (count: number, dtype: DType) => {
  const built = buildModel({
    inputs: { x: [1, count] },
    constants: { stored: { dtype, dims: [count], raw: new Uint8Array(0), external: new Map() } },
    nodes: [{ op: "Mul", inputs: ["x", "w"], outputs: ["y"] }],
    outputs: { y: "float32" },
  });
  const nodes = [castNode("Cast", "stored", "w", "float32"), ...built.graph.nodes];
  return { ...built, graph: { ...built.graph, nodes } };
};
const gpuWith = (...features: string[]) => ({ features: new Set(features) }) as unknown as Gpu;
const LARGE = 860e6;

describe("the precision of a UNet", () => {
  it.each([
    ["float16", "webgpu", "shader-f16", LARGE, "float16"],
    ["int8", "webgpu", "shader-f16", LARGE, "float16"],
    ["float32", "webgpu", "shader-f16", LARGE, "float32"],
    ["float16", "webgpu", "shader-f16", 1e6, "float32"],
    ["float16", "webgpu", "timestamp-query", LARGE, "float32"],
    ["float16", "wasm", "shader-f16", LARGE, "float32"],
  ] as const)("%s weights on %s with %s, %d of them: %s", (stored, provider, feature, count, expected) => {
    const chosen = choosePrecision(unet(count, stored), { provider, gpu: gpuWith(feature) });
    expect(chosen.precision).toBe(expected);
    expect(chosen.why).not.toBe("");
  });

  it("is what the user says, where the GPU can do that", () => {
    const asked = (wish: "float16" | "float32", feature: string) =>
      choosePrecision(unet(1e6, "float32"), { provider: "webgpu", gpu: gpuWith(feature), wish }).precision;
    expect(asked("float16", "shader-f16")).toBe("float16");
    expect(asked("float32", "shader-f16")).toBe("float32");
    expect(() => asked("float16", "timestamp-query")).toThrow(/does not compute in half precision/);
  });
});
