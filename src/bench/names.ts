/** Names of what is measured, where more than one place speaks of it. */
export const NAMES = {
  encoder: "encoder forward",
  rasterForward: "raster forward",
  rasterBackward: "raster backward",
  adam: "adam",
  unet: (batch: number) => `unet ×${batch}`,
  bridge: (id: string) => `bridge ${id}`,
  step: (bridge: string) => `step ${bridge}`,
} as const;
