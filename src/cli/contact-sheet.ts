import { PNG } from "pngjs";
import { assert } from "../core/assert.ts";
import type { RgbaPicture } from "../edit/pictures.ts";
import { readBytes, writeBytes } from "./files.ts";

/** Lays out pictures of one size in rows, with a gap between them, on white. */
export function contactSheet(rows: readonly (readonly RgbaPicture[])[], gap = 4): RgbaPicture {
  const first = rows[0]?.[0];
  assert(first, "contactSheet: no pictures");
  const columns = Math.max(...rows.map((row) => row.length));
  const width = columns * (first.width + gap) - gap;
  const height = rows.length * (first.height + gap) - gap;
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  rows.forEach((row, r) =>
    row.forEach((picture, c) => {
      assert(picture.width === first.width && picture.height === first.height, "contactSheet: sizes differ");
      const [left, top] = [c * (first.width + gap), r * (first.height + gap)];
      for (let y = 0; y < picture.height; y++) {
        const line = picture.data.subarray(4 * y * picture.width, 4 * (y + 1) * picture.width);
        data.set(line, 4 * ((top + y) * width + left));
      }
    }),
  );
  return { width, height, data };
}

export const encodePng = ({ width, height, data }: RgbaPicture): Uint8Array =>
  PNG.sync.write(
    Object.assign(new PNG({ width, height }), {
      data: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    }),
  );

export const writePng = (path: string, picture: RgbaPicture): Promise<void> =>
  writeBytes(path, encodePng(picture));

/** Throws a UserError where there is no file. */
export async function readPng(path: string): Promise<RgbaPicture> {
  const { width, height, data } = PNG.sync.read(Buffer.from(await readBytes(path)));
  return { width, height, data: new Uint8ClampedArray(data) };
}
