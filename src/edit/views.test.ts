import { describe, expect, it } from "vitest";
import type { Camera } from "../camera/camera.ts";
import { cameraCenter } from "../camera/pose.ts";
import { viewSamplers } from "../camera/samplers/index.ts";
import { createRng } from "../core/rng.ts";
import { chooseViews, type ViewProbe, type ViewRequest } from "./views.ts";

const request: ViewRequest = {
  sampler: viewSamplers.get("orbit"),
  params: {},
  context: { focus: { center: [0, 0, 0], radius: 1 }, up: [0, 1, 0], width: 128, height: 128 },
  count: 20,
  rng: createRng("views"),
};

/** What every pixel of a view sees: alpha and z. */
const probeOf =
  (see: (camera: Camera) => readonly [alpha: number, z: number]): ViewProbe =>
  async (camera) => {
    const [alpha, z] = see(camera);
    const pixels = camera.width * camera.height;
    return { alpha: new Float32Array(pixels).fill(alpha), depth: new Float32Array(pixels).fill(alpha * z) };
  };
const clear = probeOf(() => [1, 3]);
/** A wall fills the half-space x > 0. */
const wall = probeOf((camera) => (cameraCenter(camera.worldToCamera)[0] > 0 ? [1, 0.01] : [1, 3]));
const empty = probeOf(() => [0, 0]);
const inside = probeOf(() => [1, 0.01]);

describe("views", () => {
  it("are as many as asked for where all is clear", async () => {
    const { cameras, warnings } = await chooseViews(request, clear);
    expect(cameras).toHaveLength(20);
    expect(warnings).toEqual([]);
    expect(cameras.every(({ width, height }) => width === 128 && height === 128)).toBe(true);
  });

  it("are none from inside a wall", async () => {
    const { cameras } = await chooseViews(request, wall);
    expect(cameras.length).toBeGreaterThan(5);
    expect(cameras.length).toBeLessThan(20);
    for (const camera of cameras) expect(cameraCenter(camera.worldToCamera)[0]).toBeLessThanOrEqual(0);
  });

  it.each([
    ["nothing", empty, "sees next to nothing"],
    ["the inside of a wall", inside, "something covers the lens"],
  ])("are taken all the same, with a warning, where every one sees %s", async (_what, probe, reason) => {
    const { cameras, warnings } = await chooseViews(request, probe);
    expect(cameras).toHaveLength(5);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("No view");
    expect(warnings[0]).toContain(reason);
  });

  it("warn when good ones are scarce", async () => {
    const narrow = probeOf((camera) => (cameraCenter(camera.worldToCamera)[0] > -1.5 ? [1, 0.01] : [1, 3]));
    const { cameras, warnings } = await chooseViews(request, narrow);
    expect(cameras.length).toBeGreaterThan(0);
    expect(warnings[0]).toContain(`Only ${cameras.length} of 20`);
  });

  it("repeat with their seed", async () => {
    expect(await chooseViews(request, wall)).toEqual(await chooseViews(request, wall));
    const other = { ...request, rng: createRng("other") };
    expect(await chooseViews(other, wall)).not.toEqual(await chooseViews(request, wall));
  });

  it("are drawn again where the first draw is bad", async () => {
    // Bad below the middle of the range of heights, so one draw in two.
    const low = probeOf((camera) => (cameraCenter(camera.worldToCamera)[1] < 1.4 ? [1, 0.01] : [1, 3]));
    const { cameras } = await chooseViews(request, low);
    expect(cameras.length).toBeGreaterThanOrEqual(18);
    for (const camera of cameras) expect(cameraCenter(camera.worldToCamera)[1]).toBeGreaterThanOrEqual(1.4);
  });

  it("are judged by small pictures in their own shape", async () => {
    const sizes = new Set<string>();
    const context = { ...request.context, width: 256, height: 128 };
    await chooseViews({ ...request, context }, (camera) => {
      sizes.add(`${camera.width} × ${camera.height}`);
      return clear(camera);
    });
    expect([...sizes]).toEqual(["48 × 24"]);
  });

  it("stop being drawn when the run is aborted", async () => {
    const abort = new AbortController();
    let probed = 0;
    const probe: ViewProbe = (camera) => {
      if (++probed === 3) abort.abort();
      return clear(camera);
    };
    await expect(chooseViews({ ...request, signal: abort.signal }, probe)).rejects.toThrow(/abort/i);
    expect(probed).toBe(3);
  });
});
