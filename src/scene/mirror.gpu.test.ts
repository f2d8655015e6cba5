import { describe, expect } from "vitest";
import { gpuTest } from "../gpu/testing.ts";
import { ATTRIBUTES, createSplats } from "./attributes.ts";
import type { ShDegree } from "./attributes.ts";
import {
  copySplatBuffers,
  createSplatBuffers,
  disposeSplatBuffers,
  downloadSplats,
  snapshotSplats,
  uploadSplats,
  writeSplats,
} from "./mirror.ts";
import { copySplats, splatsEqual } from "./splats.ts";

function numbered(count: number, shDegree: ShDegree) {
  const splats = createSplats(count, shDegree);
  ATTRIBUTES.forEach((attribute, a) =>
    splats[attribute].forEach((_, i, all) => (all[i] = 1000 * a + i + 0.25)),
  );
  return splats;
}

describe("splats on the GPU", () => {
  gpuTest("come back as they went, whatever their number", async ({ gpu }) => {
    for (const [count, degree] of [
      [0, 0],
      [1, 0],
      [3, 1],
      [257, 3],
    ] as const) {
      const splats = numbered(count, degree);
      const buffers = uploadSplats(gpu, splats);
      expect(splatsEqual(await downloadSplats(gpu, buffers), splats)).toBe(true);
      disposeSplatBuffers(buffers);
    }
  });

  gpuTest("keep bits that are no numbers", async ({ gpu }) => {
    const splats = numbered(2, 0);
    new Uint32Array(splats.sh.buffer).set([0x7fc12345, 0x80000000, 0xff800000]);
    const buffers = uploadSplats(gpu, splats);
    expect(splatsEqual(await downloadSplats(gpu, buffers), splats)).toBe(true);
  });

  gpuTest("are overwritten, and refuse another shape", async ({ gpu }) => {
    const buffers = createSplatBuffers(gpu, { count: 5, shDegree: 2 }, "test");
    expect(splatsEqual(await downloadSplats(gpu, buffers), createSplats(5, 2))).toBe(true);
    writeSplats(gpu, buffers, numbered(5, 2));
    expect(splatsEqual(await downloadSplats(gpu, buffers), numbered(5, 2))).toBe(true);
    expect(() => writeSplats(gpu, buffers, numbered(5, 1))).toThrow(
      /5 splats of SH degree 1, expected 5 splats of SH/,
    );
    const others = createSplatBuffers(gpu, { count: 4, shDegree: 2 }, "test");
    expect(() => copySplatBuffers(gpu, buffers, others)).toThrow(/got 4 splats/);
  });

  gpuTest("go back to their snapshot bit for bit", async ({ gpu }) => {
    const first = numbered(6, 1);
    const buffers = uploadSplats(gpu, first);
    const snapshot = snapshotSplats(gpu, buffers);
    const second = copySplats(first);
    second.opacityLogits[3] = -7;
    writeSplats(gpu, buffers, second);
    snapshot.restore();
    expect(splatsEqual(await downloadSplats(gpu, buffers), first)).toBe(true);

    writeSplats(gpu, buffers, second);
    snapshot.take();
    writeSplats(gpu, buffers, first);
    snapshot.restore();
    expect(splatsEqual(await downloadSplats(gpu, buffers), second)).toBe(true);
    snapshot.dispose();
  });
});
