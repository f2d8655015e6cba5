import { defineKernel } from "../../gpu/kernel.ts";
import type { CommandRecorder } from "../../gpu/recorder.ts";

const kernel = defineKernel({
  name: "codec/affine",
  bindings: { params: "uniform", x: "read", y: "write" },
});

export interface AffineRequest {
  readonly from: GPUBuffer;
  /** First element read. */
  readonly first?: number;
  readonly to: GPUBuffer;
  /** Elements. */
  readonly count: number;
  readonly scale: number;
  readonly offset: number;
}

/** to = scale·from + offset, in float32. */
export function recordAffine(recorder: CommandRecorder, request: AffineRequest): void {
  const { from, first = 0, to, count, scale, offset } = request;
  recorder.dispatch(kernel, { over: count }, { params: { count, first, scale, offset }, x: from, y: to });
}
