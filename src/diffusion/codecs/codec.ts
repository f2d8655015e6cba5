import type { Differentiable } from "../../core/differentiable.ts";
import type { Tensor } from "../../core/tensor.ts";
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
  /** Pixels per latent cell, 8 for every Stable Diffusion. */
  readonly downscale: number;
  readonly latentChannels: number;
  decode(z: Latent): Promise<GpuImage>; // [3, H, W], [0, 1]
  dispose(): Promise<void>;
}

/** What `vjp` needs of the forward pass: the image, since the gradient graph recomputes its activations. */
export interface EncodeTape {
  readonly image: GpuImage;
}
