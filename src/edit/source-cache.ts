import type { Codec, Latent } from "../diffusion/codecs/codec.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import type { ViewRenderer } from "./view-renderer.ts";

/**
 * Latents ẑ of the untouched scene, one per training view, made when first asked for: they do not change during a
 * run, and each costs a rendering and an encoding.
 */
export interface SourceCache {
  latent(view: number): Promise<Latent>;
}

export function createSourceCache(original: SplatBuffers, render: ViewRenderer, codec: Codec): SourceCache {
  const latents = new Map<number, Latent>();
  return {
    async latent(view) {
      let latent = latents.get(view);
      if (!latent) {
        const { out } = await render(original, view);
        latent = (await codec.forward(out.image)).out;
        latents.set(view, latent);
      }
      return latent;
    },
  };
}
