import { describe, expect, it } from "vitest";
import { layoutOf, packUniforms } from "./uniforms.ts";
import { reflect } from "./wgsl-reflect.ts";
import { kernelFrom } from "./kernel.ts";
import { createBuffer } from "./buffers.ts";
import { readFloats } from "./readback.ts";
import { CommandRecorder } from "./recorder.ts";
import { gpuTest } from "./testing.ts";
import { resolveImports } from "./wgsl.ts";

const code = `
  struct Inner { a: vec3f, b: f32 }
  struct Params {
    first: u32,
    offset: vec3f,
    after: i32,
    pair: vec2u,
    inner: Inner,
    rotation: mat3x3f,
    corners: array<vec4f, 2>,
    last: f32,
  }`;
const values = {
  first: 7,
  offset: [1, 2, 3],
  after: -4,
  pair: [5, 4294967295],
  inner: { a: [0.5, 0.25, 0.125], b: 9 },
  rotation: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  corners: new Float32Array([10, 11, 12, 13, 14, 15, 16, 17]),
  last: 42,
};
const layout = layoutOf("Params", reflect(code));

describe("uniform layouts", () => {
  it("are WGSL's", () => {
    const offsets = [...layout.fields!].map(([name, { offset }]) => [name, offset]);
    expect(Object.fromEntries(offsets)).toEqual({
      first: 0,
      offset: 16,
      after: 28,
      pair: 32,
      inner: 48,
      rotation: 64,
      corners: 112,
      last: 144,
    });
    expect(layout.size).toBe(160);
  });

  it("refuse a missing field, an unknown one, a wrong length and a wrong number", () => {
    const pack = (change: object) => () => packUniforms(layout, { ...values, ...change }, "params");
    const { last: _, ...incomplete } = values;
    expect(() => packUniforms(layout, incomplete, "params")).toThrow("params.last is missing");
    expect(pack({ lst: 1 })).toThrow('params has no field "lst"');
    expect(pack({ offset: [1, 2] })).toThrow("params.offset: got 2 values, expected 3");
    expect(pack({ first: -1 })).toThrow("params.first: -1 is no u32");
    expect(pack({ first: 1.5 })).toThrow("params.first: 1.5 is no u32");
  });

  gpuTest("arrive where the shader reads them", async ({ gpu }) => {
    const text = `${code}
      @group(0) @binding(0) var<uniform> params: Params;
      @group(0) @binding(1) var<storage, read_write> seen: array<f32>;
      @compute @workgroup_size(1) fn main() {
        let p = params;
        let r = p.rotation;
        let all = array<f32, 32>(
          f32(p.first), p.offset.x, p.offset.y, p.offset.z, f32(p.after),
          f32(p.pair.x), select(0.0, 1.0, p.pair.y == 0xffffffffu),
          p.inner.a.x, p.inner.a.y, p.inner.a.z, p.inner.b,
          r[0][0], r[0][1], r[0][2], r[1][0], r[1][1], r[1][2], r[2][0], r[2][1], r[2][2],
          p.corners[0].x, p.corners[0].y, p.corners[0].z, p.corners[0].w,
          p.corners[1].x, p.corners[1].y, p.corners[1].z, p.corners[1].w, p.last, 0.0, 0.0, 0.0);
        for (var i = 0u; i < 29u; i++) { seen[i] = all[i]; }
      }`;
    const echo = kernelFrom(
      { name: "test/echo", bindings: { params: "uniform", seen: "write" } },
      resolveImports("test/echo", new Map([["test/echo", text]])),
    );
    const seen = createBuffer(gpu, "seen", 4 * 29);
    new CommandRecorder(gpu, "echo").dispatch(echo, { groups: [1] }, { params: values, seen }).submit();
    expect([...(await readFloats(gpu, seen, 29))]).toEqual([
      7, 1, 2, 3, -4, 5, 1, 0.5, 0.25, 0.125, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
      42,
    ]);
    seen.destroy();
  });
});
