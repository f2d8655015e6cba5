/** A float32 image in a storage buffer, channel-major [channels, height, width]; colours lie in [0, 1]. */
export interface GpuImage {
  readonly buffer: GPUBuffer;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}
