import type { Differentiable } from "../../core/differentiable.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { BufferPool } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { GpuImage } from "../../gpu/image.ts";

/** A latent [4, h, w], posterior mean × scaling factor, on the CPU: it is small, and methods are plain TypeScript. */
export type Latent = Tensor;

/**
 * An image codec of a latent diffusion model. As a `Differentiable` it maps a rendered image [3, H, W] in [0, 1]
 * to a latent; `decode` goes back. Whether the network runs on WebGPU or wasm is its own business: images enter
 * and leave as GPU buffers of ours, owned by the codec until the next call of the same function.
 */
export interface Codec extends Differentiable<GpuImage, Latent, EncodeTape, Latent, GpuImage> {
  readonly id: string;
  readonly gpu: Gpu;
  /** Buffers that live as long as the codec, for what works beside it; names start with their owner's. */
  readonly buffers: BufferPool;
  /** Pixels per latent cell, 8 for every Stable Diffusion. */
  readonly downscale: number;
  readonly latentChannels: number;
  /** [3, H, W], nominally in [0, 1]; a decoder overshoots a little, which differences of decodes need kept. */
  decode(z: Latent): Promise<GpuImage>;
  /** As `decode`, all latents in one call of the network; at least one, all of one shape. */
  decodeBatch(latents: readonly Latent[]): Promise<readonly GpuImage[]>;
  dispose(): Promise<void>;
}

/** What `vjp` needs of the forward pass: the image, since the gradient graph recomputes its activations. */
export interface EncodeTape {
  readonly image: GpuImage;
}
