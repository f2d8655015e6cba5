import { expect, vi } from "vitest";
import { allocated, BufferPool, createBuffer } from "./buffers.ts";
import { GpuMemoryError, type Gpu } from "./device.ts";
import { gpuTest } from "./testing.ts";

/** The device has no room for the next buffer. */
const refuseNext = ({ device }: Gpu): void =>
  void vi.spyOn(device, "popErrorScope").mockResolvedValueOnce(new GPUOutOfMemoryError("no room"));

gpuTest("a pool says that there is no room, and tries again with the next use", async ({ ownGpu: gpu }) => {
  const errors: Error[] = [];
  gpu.onError((error) => errors.push(error));
  const pool = new BufferPool(gpu, "test");
  refuseNext(gpu);
  const refused = pool.ensure("data", 64);
  await vi.waitFor(() => expect(errors).toHaveLength(1));
  expect(errors[0]).toBeInstanceOf(GpuMemoryError);
  const next = pool.ensure("data", 64);
  expect(next).not.toBe(refused);
  expect(pool.ensure("data", 64)).toBe(next);
});

gpuTest("of what does not fit as a whole, nothing stays", async ({ ownGpu: gpu }) => {
  const make = () => [createBuffer(gpu, "a", 16), createBuffer(gpu, "b", 16)];
  const disposed: GPUBuffer[][] = [];
  const allocate = () => allocated(gpu, make, (made) => disposed.push(made));
  refuseNext(gpu);
  await expect(allocate()).rejects.toThrow(GpuMemoryError);
  expect(disposed).toHaveLength(1);
  expect(await allocate()).toHaveLength(2);
  expect(disposed).toHaveLength(1);
});
