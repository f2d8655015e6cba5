import { UserError } from "../core/errors.ts";
import type { ModelFolder, PartLoader, VaeConfig } from "./model-folder.ts";

/** Sides of square pictures, in pixels. */
export interface Resolutions {
  /** What the model was trained on. */
  readonly resolution: number;
  /** What it can work with, ascending: one where the graphs fix their sizes. */
  readonly resolutions: readonly number[];
  /** Whether the graphs take no other. */
  readonly isFixed: boolean;
}

/** Smaller pictures cost less, and a model trained on 512 pixels still knows something of half of it. */
const FRACTIONS = [0.5, 0.75, 1] as const;
/** The UNet of Stable Diffusion halves its latents three times. */
const UNET_DOWNSCALE = 8;
const SD_RESOLUTION = 512;

/**
 * From the graphs' own sizes where they fix them, then from the model's card and configs. A graph whose inputs are open
 * still fixes its size where its output has one: torch.export leaves such graphs, with sizes of the example written
 * into their attention.
 */
export function resolutionsOf(
  folder: Pick<ModelFolder, "card" | "vae" | "sampleSize">,
  { unet, encoder }: { unet: PartLoader<"unet">; encoder: PartLoader<"vae_encoder"> },
): { readonly resolutions: Resolutions; readonly config: VaeConfig } {
  const pixels = sideOf(encoder.ports.image.dims);
  const encoded = sideOf(encoder.ports.latent.dims);
  const downscale = pixels && encoded ? pixels / encoded : folder.vae.downscale;
  const config = { ...folder.vae, downscale };

  const latent = sideOf(unet.ports.sample.dims) ?? sideOf(unet.ports.prediction.dims);
  const cells = encoded ?? latent;
  const fixed = pixels ?? (cells && cells * downscale);
  if (fixed !== undefined) {
    if (latent !== undefined && latent * downscale !== fixed) {
      throw new UserError(
        `The VAE encodes ${fixed} pixels to ${fixed / downscale} latents a side, and the UNet takes ${latent}.`,
        "The parts of the folder come from different exports; export them at one size.",
      );
    }
    return { config, resolutions: { resolution: fixed, resolutions: [fixed], isFixed: true } };
  }
  const resolution =
    folder.card.resolution ?? (folder.sampleSize ? folder.sampleSize * downscale : SD_RESOLUTION);
  const step = downscale * UNET_DOWNSCALE;
  const sizes = FRACTIONS.map((fraction) => Math.max(1, Math.round((fraction * resolution) / step)) * step);
  return { config, resolutions: { resolution, resolutions: [...new Set(sizes)], isFixed: false } };
}

/** The side of a square [N, C, H, W] that the graph fixes. */
function sideOf(dims: readonly (number | string)[]): number | undefined {
  const [, , height, width] = dims;
  if (typeof height !== "number" || typeof width !== "number") return undefined;
  if (height === width) return height;
  throw new UserError(
    `A part of the model works on ${height} × ${width} only, not on squares.`,
    "Export it for squares.",
  );
}
