import type { Bridge } from "./bridge.ts";

/**
 * Back through the encoder itself: vImage = J_Encᵀ·vLatent, as the papers' code does. What descends on it is
 * ½‖E(x) − (z − g)‖², the objective every score-distillation rule stands for.
 */
export const exact: Bridge = {
  id: "exact",
  label: "Encoder gradient",
  cite: "DreamFusion (Poole et al. 2023), eq. 3, with the VAE encoder of the official SSD, PDS and DDS codes",
  params: {},
  imageCotangent: ({ codec, saved, vLatent }) => codec.vjp(saved, vLatent),
};
