import { describe, expect, it } from "vitest";
import { gpuTest } from "./testing.ts";
import { describeMessage, loadShader, resolveImports, shaderNames } from "./wgsl.ts";
import { evaluate } from "./wgsl-constants.ts";
import { reflect, stripComments } from "./wgsl-reflect.ts";

const files = (texts: Record<string, string>) => new Map(Object.entries(texts));

describe("imports", () => {
  it("come first, each once, however often they are asked for", () => {
    const source = resolveImports(
      "main",
      files({
        main: "#import left\n#import right\nmain",
        left: "#import base\nleft",
        right: "#import base\nright",
        base: "base",
      }),
    );
    expect(source.code.split("\n")).toEqual(["base", "left", "right", "main"]);
    expect(source.origins[3]).toEqual({ file: "main", line: 3 });
  });

  it("name what is missing and who wants it", () => {
    expect(() => resolveImports("main", files({ main: "#import shared/gone" }))).toThrow(
      'no shader "shared/gone", imported by "main"',
    );
    expect(() => loadShader("raster/nothing")).toThrow('no shader "raster/nothing"');
  });

  it("refuse to go in a circle", () => {
    const circle = files({ main: "#import a", a: "#import b", b: "#import a" });
    expect(() => resolveImports("main", circle)).toThrow("main → a → b → a");
  });
});

describe("every shader of the project", () => {
  gpuTest.for(shaderNames)("%s compiles", async (name, { gpu }) => {
    const source = loadShader(name);
    const { messages } = await gpu.device.createShaderModule({ code: source.code }).getCompilationInfo();
    expect(messages.map((message) => describeMessage(source, message))).toEqual([]);
  });

  it.each(shaderNames)("%s binds at most eight storage buffers", (name) => {
    const { bindings } = reflect(loadShader(name).code);
    expect(bindings.filter(({ kind }) => kind !== "uniform").length).toBeLessThanOrEqual(8);
  });
});

describe("reflection", () => {
  const code = `
    // @group(0) @binding(9) var<storage> commented: array<u32>;
    /* outer /* inner */ const GONE = 1; */
    const TILE = 16u;
    const AREA: u32 = TILE * TILE;
    override ROUNDS: u32 = 1u << 3u;
    override given: f32;
    struct Params { count: u32, @align(16) pair: vec2f, weights: array<vec4f, TILE / 4u>, }
    @group(0) @binding(0) var<uniform> params: Params;
    @binding(1) @group(0) var<storage> means: array<f32>; // [N, 3]
    @group(0)
    @binding(2) var<storage, read_write> counters: array<atomic<u32>, 4>;
    var<workgroup> shared_memory: array<u32, AREA>;
    @compute @workgroup_size(TILE, 8)
    fn main() {}`;

  it("reads bindings in any attribute order, and nothing from comments", () => {
    expect(
      reflect(code).bindings.map(({ name, binding, kind, type }) => [binding, name, kind, type]),
    ).toEqual([
      [0, "params", "uniform", "Params"],
      [1, "means", "read", "array<f32>"],
      [2, "counters", "read_write", "array<atomic<u32>, 4>"],
    ]);
  });

  it("reads constants, overrides, structs and the workgroup size", () => {
    const { constants, overrides, structs, workgroupSize } = reflect(code);
    expect(constants).toEqual({ TILE: 16, AREA: 256, ROUNDS: 8 });
    expect(overrides).toEqual(["ROUNDS", "given"]);
    expect(structs.get("Params")).toEqual([
      { name: "count", type: "u32" },
      { name: "pair", type: "vec2f", align: 16 },
      { name: "weights", type: "array<vec4f, TILE / 4u>" },
    ]);
    expect(workgroupSize).toEqual(["TILE", "8"]);
  });

  it("keeps line numbers when it drops comments", () => {
    expect(stripComments("a // b\n/* c\n/* d */ e */ f\ng / h * i")).toBe("a \n\n f\ng / h * i");
  });

  it.each([
    ["0x7f800000u", 0x7f800000],
    ["7 / 2", 3],
    ["7.0 / 2", 3.5],
    ["1e-4", 1e-4],
    ["-(3 + 4) * 2u", -14],
    ["(N + 15u) / 16u", 3],
    ["u32(2.9)", 2],
    ["1u << 4u | 3u", 19],
    ["vec3f(1.0)", undefined],
    ["UNKNOWN + 1", undefined],
  ])("evaluates %s", (expression, value) => {
    expect(evaluate(expression, { N: 40 })).toBe(value);
  });
});
