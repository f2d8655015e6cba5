import type { Camera, Vec3 } from "../camera/camera.ts";
import type { GpuImage } from "../gpu/image.ts";
import type { CommandRecorder } from "../gpu/recorder.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";

export interface RenderInput {
  readonly splats: SplatBuffers;
  readonly camera: Camera;
  readonly background: Vec3;
  /** Opacity compensation for the low-pass (Mip-Splatting's 2D filter). */
  readonly antialias: boolean;
  /** Draw at most this SH degree. */
  readonly shDegree?: number;
  /** For pictures that are shown, not for those that are differentiated. */
  readonly retouch?: Retouch;
}

/** Changes projected splats before they are ordered: what colour they have, and whether they are drawn at all. */
export type Retouch = (recorder: CommandRecorder, projected: ProjectedBuffers) => void;

/** Bindings of shaders that look at projected splats. */
export interface ProjectedBuffers {
  readonly view: GPUBuffer;
  /** Number of splats. */
  readonly count: number;
  readonly splats: GPUBuffer; // Splat[N], shaders/raster/splat.wgsl
  readonly tile_counts: GPUBuffer; // u32[N]; a splat that is not drawn has 0 in both
  readonly is_visible: GPUBuffer; // u32[N]
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
