import { expect, vi } from "vitest";
import { GpuMemoryError, isMemoryRefusal } from "../gpu/device.ts";
import { gpuTest } from "../gpu/testing.ts";
import { EXIT } from "./exit.ts";
import { openProgramGpu } from "./gpu.ts";

gpuTest("a program ends at an error that no one handles, and leaves memory to whoever does", async () => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const tell = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const gpu = await openProgramGpu(isMemoryRefusal);
  try {
    gpu.report(new GpuMemoryError("no room"));
    gpu.report(new Error("no room", { cause: new GPUOutOfMemoryError("no room") }));
    expect(exit).not.toHaveBeenCalled();
    gpu.report(new Error("binding 3 is too small"));
    expect(exit).toHaveBeenCalledWith(EXIT.unexpected.code);
    expect(tell).toHaveBeenCalledWith(expect.stringContaining("binding 3"));
  } finally {
    vi.restoreAllMocks();
    gpu.destroy();
  }
});
