import type { RgbaPicture } from "../edit/pictures.ts";

/** A picture as the bytes of a file. */
export async function encoded(
  { data, width, height }: RgbaPicture,
  type: "image/png" | "image/jpeg",
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer());
}
