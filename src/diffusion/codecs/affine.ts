import { assert } from "../../core/assert.ts";
import { defineKernel } from "../../gpu/kernel.ts";
import type { CommandRecorder } from "../../gpu/recorder.ts";

/** Element types of images on the GPU: ours are float32, a network's may be half floats. */
export type PixelType = "float32" | "float16";

const BINDINGS = { params: "uniform", x: "read", y: "write" } as const;
const define = (from: PixelType, to: PixelType) =>
  defineKernel({
    name: "codec/affine",
    bindings: BINDINGS,
    constants: { from_half: from === "float16" ? 1 : 0, to_half: to === "float16" ? 1 : 0 },
  });
const KERNELS = {
  float32: { float32: define("float32", "float32"), float16: define("float32", "float16") },
  float16: { float32: define("float16", "float32"), float16: define("float16", "float16") },
};

export interface AffineRequest {
  readonly from: GPUBuffer;
  readonly fromType: PixelType;
  /** First element read; even. */
  readonly first?: number;
  readonly to: GPUBuffer;
  readonly toType: PixelType;
  /** Elements. */
  readonly count: number;
  readonly scale: number;
  readonly offset: number;
}

/** to = scale·from + offset, converting between element types. */
export function recordAffine(recorder: CommandRecorder, request: AffineRequest): void {
  const { from, fromType, first = 0, to, toType, count, scale, offset } = request;
  assert(first % 2 === 0, `affine: reading starts at element ${first}, which has to be even`);
  recorder.dispatch(
    KERNELS[fromType][toType],
    { over: Math.ceil(count / 2) },
    { params: { count, first, scale, offset }, x: from, y: to },
  );
}
