import type { ShDegree, Attribute } from "./attributes.ts";

/** Splats, or their cotangents, on the GPU: one float32 storage buffer per attribute, splat after splat. */
export type SplatBuffers = { readonly [A in Attribute]: GPUBuffer } & {
  readonly count: number;
  readonly shDegree: ShDegree;
};
