import type { RgbaPicture } from "../../edit/pictures.ts";

/** Shows a picture on a canvas, at its own size. */
export function paint(canvas: HTMLCanvasElement | null, { width, height, data }: RgbaPicture): void {
  if (!canvas) return;
  canvas.width = width;
  canvas.height = height;
  // Read frequently or not, this keeps the picture in memory, where a GPU process that dies cannot take it along.
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
}
