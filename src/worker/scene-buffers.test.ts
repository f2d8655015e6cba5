import { expect, vi } from "vitest";
import { cloud } from "../document/testing/layered.ts";
import { GpuMemoryError } from "../gpu/device.ts";
import { gpuTest } from "../gpu/testing.ts";
import { downloadSplats } from "../scene/mirror.ts";
import { concatSplats } from "../scene/splats.ts";
import { createSceneBuffers } from "./scene-buffers.ts";

gpuTest("layers lie on the GPU one after the other, and only what is new travels", async ({ gpu }) => {
  const parts = [cloud("a", 7, 3), cloud("b", 5, 1)];
  const scene = createSceneBuffers(gpu);
  const held = () => downloadSplats(gpu, scene.splats!);
  await scene.show(parts);
  expect(await held()).toEqual(concatSplats(parts));

  const writes: string[] = [];
  const { queue } = gpu.device;
  const write = queue.writeBuffer.bind(queue);
  queue.writeBuffer = (buffer, ...rest) => {
    writes.push(buffer.label);
    return write(buffer, ...rest);
  };
  try {
    const moved = { ...parts[1]!, means: cloud("c", 5, 1).means };
    const buffers = scene.splats;
    await scene.show([parts[0]!, moved]);
    expect([writes, scene.splats]).toEqual([["scene/means"], buffers]);
    expect(await held()).toEqual(concatSplats([parts[0]!, moved]));
    scene.forget();
    await scene.show([parts[0]!, moved]);
    expect(writes).toHaveLength(1 + 10);
    await scene.show([moved, parts[0]!]);
    expect(await held()).toEqual(concatSplats([moved, parts[0]!]));
    await scene.show([]);
    expect((await held()).count).toBe(0);
  } finally {
    queue.writeBuffer = write;
    scene.dispose();
  }
});

gpuTest("a scene that there is no room for leaves the one before", async ({ ownGpu: gpu }) => {
  const [small, large] = [cloud("small", 4, 1), cloud("large", 9, 1)];
  const scene = createSceneBuffers(gpu);
  await scene.show([small]);
  vi.spyOn(gpu.device, "popErrorScope").mockResolvedValueOnce(new GPUOutOfMemoryError("no room"));
  await expect(scene.show([large])).rejects.toThrow(GpuMemoryError);
  expect(await downloadSplats(gpu, scene.splats!)).toEqual(small);
  await scene.show([large]);
  expect(await downloadSplats(gpu, scene.splats!)).toEqual(large);
});
