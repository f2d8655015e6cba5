import { describe, expect } from "vitest";
import { BufferPool, createBuffer, uploadBuffer } from "./buffers.ts";
import { groupsOver } from "./dispatch.ts";
import { openNodeGpu } from "./device.node.ts";
import { compileKernels, kernelFrom } from "./kernel.ts";
import type { BindingSpec, KernelSpec } from "./kernel.ts";
import { readBytes, readFloats, readUints } from "./readback.ts";
import { CommandRecorder } from "./recorder.ts";
import { gpuTest, takeErrors } from "./testing.ts";
import { PassTimer, timeQueue } from "./timing.ts";
import { loadShader, resolveImports } from "./wgsl.ts";

function kernel<const B extends BindingSpec>(spec: KernelSpec<B>, text: string) {
  const files = new Map([
    [spec.name, text],
    ["shared/dispatch", loadShader("shared/dispatch").code],
  ]);
  return kernelFrom(spec, resolveImports(spec.name, files));
}

/** Adds a number to every element. */
const addSpec = { name: "test/add", bindings: { params: "uniform", values: "read_write" } } as const;
const addText = `
  #import shared/dispatch
  struct Params { count: u32, by: u32 }
  override STEP: u32 = 1u;
  @group(0) @binding(0) var<uniform> params: Params;
  @group(0) @binding(1) var<storage, read_write> values: array<u32>;
  @compute @workgroup_size(2)
  fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) lane: u32,
  ) {
    let i = group_number(group, groups) * 2u + lane;
    if (i >= params.count) { return; }
    values[i] += params.by * STEP;
  }`;
const add = kernel(addSpec, addText);

describe("kernels", () => {
  gpuTest("are refused when they differ from their shader", () => {
    const spec = (bindings: BindingSpec) => () => kernel({ name: "test/add", bindings }, addText);
    expect(spec({ params: "uniform", values: "read" })).toThrow("values: read }");
    expect(spec({ values: "write", params: "uniform" })).toThrow("the shader has { params: uniform, values");
    expect(() => kernel({ ...addSpec, constants: { STPE: 2 } }, addText)).toThrow('no override "STPE"');
    const nine = Array.from({ length: 9 }, (_, i) => `b${i}`);
    const greedy = nine.map((name, i) => `@group(0) @binding(${i}) var<storage> ${name}: array<u32>;`);
    expect(() =>
      kernel(
        { name: "test/greedy", bindings: Object.fromEntries(nine.map((name) => [name, "read"])) },
        `${greedy.join("\n")} @compute @workgroup_size(1) fn main() {}`,
      ),
    ).toThrow("9 storage buffers");
  });

  gpuTest("that do not compile say where, both ways", async ({ gpu }) => {
    const broken = () =>
      kernel(
        { name: "test/broken", bindings: {} },
        "#import shared/dispatch\n@compute @workgroup_size(1) fn main() {\n  let x: u32 = 1.5;\n}",
      );
    await expect(compileKernels(gpu, [broken()])).rejects.toThrow("test/broken.wgsl:3:");
    expect(await takeErrors(gpu)).toEqual([]);
    new CommandRecorder(gpu, "broken").dispatch(broken(), { groups: [1] }, {}).submit();
    const errors = await takeErrors(gpu);
    expect(errors.map((error) => error.message).join()).toContain("test/broken.wgsl:3:");
  });

  gpuTest("take overrides", async ({ gpu }) => {
    const byThree = kernel({ ...addSpec, constants: { STEP: 3 } }, addText);
    await compileKernels(gpu, [byThree]);
    const values = uploadBuffer(gpu, "values", new Uint32Array([1, 2, 3, 4, 5]));
    new CommandRecorder(gpu, "add")
      .dispatch(byThree, { over: 5 }, { params: { count: 5, by: 2 }, values })
      .submit();
    expect([...(await readUints(gpu, values, 5))]).toEqual([7, 8, 9, 10, 11]);
    values.destroy();
  });
});

describe("dispatches", () => {
  gpuTest("beyond 65,535 workgroups use a second dimension, and every thread runs once", async ({ gpu }) => {
    const count = 2 * 70_001 + 1;
    expect(groupsOver(count, 2)).toEqual([35_001, 2]);
    const values = createBuffer(gpu, "values", 4 * count);
    new CommandRecorder(gpu, "add")
      .dispatch(add, { over: count }, { params: { count, by: 1 }, values })
      .submit();
    const result = await readUints(gpu, values, count);
    expect(result.every((value) => value === 1)).toBe(true);
    values.destroy();
  });

  gpuTest("of nothing do nothing", async ({ gpu }) => {
    const values = createBuffer(gpu, "values", 4);
    new CommandRecorder(gpu, "add")
      .dispatch(add, { over: 0 }, { params: { count: 1, by: 1 }, values })
      .submit();
    expect([...(await readUints(gpu, values, 1))]).toEqual([0]);
    values.destroy();
  });

  gpuTest("see what the ones before them wrote, each with its own uniforms", async ({ gpu }) => {
    const values = uploadBuffer(gpu, "values", new Uint32Array(4));
    const recorder = new CommandRecorder(gpu, "many");
    const seen: Promise<ArrayBuffer>[] = [];
    for (let by = 1; by <= 300; by++) {
      recorder.dispatch(add, { over: 4 }, { params: { count: 4, by }, values });
      if (by % 100 === 0) seen.push(recorder.read(values, { byteOffset: 4, byteLength: 4 }));
    }
    recorder.clear(values, 8, 4).submit();
    const words = await Promise.all(seen.map(async (bytes) => new Uint32Array(await bytes)[0]));
    expect(words).toEqual([5050, 20100, 45150]);
    expect([...(await readUints(gpu, values, 4))]).toEqual([45150, 45150, 0, 45150]);
    values.destroy();
  });

  gpuTest("can take their size from a buffer", async ({ gpu }) => {
    const values = createBuffer(gpu, "values", 16);
    const args = uploadBuffer(gpu, "args", new Uint32Array([9, 1, 1, 1]), GPUBufferUsage.INDIRECT);
    new CommandRecorder(gpu, "add")
      .dispatch(add, { indirect: args, byteOffset: 4 }, { params: { count: 4, by: 1 }, values })
      .submit();
    expect([...(await readUints(gpu, values, 4))]).toEqual([1, 1, 0, 0]);
    values.destroy();
    args.destroy();
  });

  gpuTest("name a binding that is missing", ({ gpu }) => {
    const recorder = new CommandRecorder(gpu, "add");
    const missing = { params: { count: 1, by: 1 } } as never;
    expect(() => recorder.dispatch(add, { over: 1 }, missing)).toThrow("test/add.values is not bound");
  });
});

describe("the grid for a count in a buffer", () => {
  const grid = kernel(
    { name: "test/grid", bindings: { counts: "read", grids: "write" } },
    `#import shared/dispatch
    @group(0) @binding(0) var<storage> counts: array<u32>;
    @group(0) @binding(1) var<storage, read_write> grids: array<vec3u>;
    @compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3u) {
      grids[id.x] = groups_over(counts[id.x], 256u);
    }`,
  );

  gpuTest("is the host's", async ({ gpu }) => {
    const counts = [0, 1, 255, 256, 257, 65_535 * 256, 65_535 * 256 + 1, 100_000_000, 4_294_967_295];
    const input = uploadBuffer(gpu, "counts", new Uint32Array(counts));
    const grids = createBuffer(gpu, "grids", 16 * counts.length);
    new CommandRecorder(gpu, "grid")
      .dispatch(grid, { over: counts.length }, { counts: input, grids })
      .submit();
    const result = await readUints(gpu, grids);
    counts.forEach((count, i) => expect([...result.slice(4 * i, 4 * i + 2)]).toEqual(groupsOver(count, 256)));
    input.destroy();
    grids.destroy();
  });
});

describe("buffers", () => {
  gpuTest("come back as they went up, and parts of them too", async ({ gpu }) => {
    const data = new Float32Array([1.5, -0, NaN, Infinity, 1e-40]);
    const buffer = uploadBuffer(gpu, "data", data);
    expect(buffer.size % 16).toBe(0);
    expect(new Uint8Array(await readBytes(gpu, buffer, { byteLength: 20 }))).toEqual(
      new Uint8Array(data.buffer),
    );
    expect([...(await readFloats(gpu, buffer, 2))]).toEqual([1.5, -0]);
    buffer.destroy();
  });

  gpuTest("take data that threads share", async ({ gpu }) => {
    const shared = new Float32Array(new SharedArrayBuffer(16));
    shared.set([1, 2, 3, 4]);
    const buffer = createBuffer(gpu, "shared", 16);
    gpu.device.queue.writeBuffer(buffer, 0, shared as ArrayBufferView as GPUAllowSharedBufferSource, 1, 2);
    gpu.device.queue.writeBuffer(buffer, 8, shared.buffer as GPUAllowSharedBufferSource, 12, 4);
    expect([...(await readFloats(gpu, buffer))]).toEqual([2, 3, 4, 0]);
    buffer.destroy();
  });

  gpuTest("grow by half at least and are kept otherwise", ({ gpu }) => {
    const pool = new BufferPool(gpu, "pool");
    const first = pool.ensure("keys", 1000);
    expect(pool.ensure("keys", 900)).toBe(first);
    const second = pool.ensure("keys", 1010);
    expect(second.size).toBeGreaterThanOrEqual(1500);
    expect(pool.byteLength).toBe(second.size);
    pool.dispose();
  });

  gpuTest("that no GPU has room for are the user's to know", ({ gpu }) => {
    expect(() => createBuffer(gpu, "spherical harmonics", 2 ** 50)).toThrow(
      /spherical harmonics needs .* MiB/,
    );
  });
});

describe("time", () => {
  gpuTest("is told by kernel where the device can, and by the queue everywhere", async ({ gpu }) => {
    const values = createBuffer(gpu, "values", 400_000);
    const bind = { params: { count: 100_000, by: 1 }, values };
    if (PassTimer.supported(gpu)) {
      const timer = new PassTimer(gpu);
      const recorder = new CommandRecorder(gpu, "timed", { timer });
      recorder.dispatch(add, { over: 100_000 }, bind).dispatch(add, { over: 100_000 }, bind).submit();
      const times = await timer.read();
      expect([...times.keys()]).toEqual(["test/add"]);
      expect(times.get("test/add")).toBeGreaterThan(0);
      expect((await timer.read()).size).toBe(0);
      timer.dispose();
    }
    const milliseconds = await timeQueue(gpu, () => {
      new CommandRecorder(gpu, "timed").dispatch(add, { over: 100_000 }, bind).submit();
    });
    expect(milliseconds).toBeGreaterThan(0);
    expect((await readUints(gpu, values, 1))[0]).toBe(PassTimer.supported(gpu) ? 3 : 1);
    values.destroy();
  });
});

describe("a lost device", () => {
  gpuTest("ends a pending read with a DeviceLostError", async ({ gpu: { isSoftware } }) => {
    const own = await openNodeGpu();
    expect(own.isSoftware).toBe(isSoftware);
    const buffer = createBuffer(own, "data", 16);
    const read = readFloats(own, buffer);
    own.destroy();
    await expect(read).rejects.toMatchObject({ name: "DeviceLostError" });
    await own.lost;
    await expect(readFloats(own, buffer)).rejects.toMatchObject({ name: "DeviceLostError" });
  });
});
