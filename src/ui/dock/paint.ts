import type { RgbaPicture } from "../../edit/pictures.ts";

const NOTHING: RgbaPicture = { width: 1, height: 1, data: new Uint8ClampedArray(4) };

/** Shows a picture on a canvas, at its own size, or nothing. */
export function paint(canvas: HTMLCanvasElement | null, picture: RgbaPicture | undefined): void {
  if (!canvas) return;
  const { width, height, data } = picture ?? NOTHING;
  canvas.width = width;
  canvas.height = height;
  // Read frequently or not, this keeps the picture in memory, where a GPU process that dies cannot take it along.
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
}
