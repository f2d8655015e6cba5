import type { Camera, Vec3 } from "../camera/camera.ts";
import type { GpuImage } from "../gpu/image.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";

export interface RenderInput {
  readonly splats: SplatBuffers;
  readonly camera: Camera;
  readonly background: Vec3;
  /** Opacity compensation for the low-pass (Mip-Splatting's 2D filter). */
  readonly antialias: boolean;
  /** Draw at most this SH degree. */
  readonly shDegree?: number;
}

export interface RenderOutput {
  readonly image: GpuImage; // [3, H, W]
  readonly alpha: GpuImage; // [1, H, W]
  /** Σ w·z, not divided by alpha. */
  readonly depth: GpuImage; // [1, H, W]
}

/** Cotangents of any of the outputs; a missing one is zero. */
export interface RenderCotangent {
  readonly image?: GpuImage;
  readonly alpha?: GpuImage;
  readonly depth?: GpuImage;
}
