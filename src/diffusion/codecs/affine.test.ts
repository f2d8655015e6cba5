import { describe, expect } from "vitest";

import { createBuffer, uploadBuffer } from "../../gpu/buffers.ts";
import { readBytes } from "../../gpu/readback.ts";
import { CommandRecorder } from "../../gpu/recorder.ts";
import { gpuTest } from "../../gpu/testing.ts";
import { halfToNumber, numberToHalf } from "../../onnx/float16.ts";
import { recordAffine } from "./affine.ts";
import type { PixelType } from "./affine.ts";

const encode = (type: PixelType, values: readonly number[]): Uint32Array => {
  const bits = type === "float16" ? Uint16Array.from(values, numberToHalf) : Float32Array.from(values);
  const words = new Uint32Array(Math.ceil(bits.byteLength / 4));
  new Uint8Array(words.buffer).set(new Uint8Array(bits.buffer));
  return words;
};
const decode = (type: PixelType, bytes: ArrayBuffer, count: number): number[] =>
  [
    ...(type === "float16"
      ? Float32Array.from(new Uint16Array(bytes), halfToNumber)
      : new Float32Array(bytes)),
  ].slice(0, count);

describe.each([
  ["float32", "float32"],
  ["float32", "float16"],
  ["float16", "float32"],
  ["float16", "float16"],
] as const)("%s to %s", (fromType, toType) => {
  gpuTest.for([6, 7, 300])("%i elements from the fifth on", async (count, { gpu }) => {
    // Eighths up to 40 are exact as half floats.
    const values = Array.from({ length: count + 4 }, (_, i) => (i % 320) / 8);
    const from = uploadBuffer(gpu, "x", encode(fromType, values));
    const to = createBuffer(gpu, "y", 4 * count);
    const recorder = new CommandRecorder(gpu, "affine");
    recordAffine(recorder, { from, fromType, first: 4, to, toType, count, scale: 2, offset: -1 });
    recorder.submit();
    const expected = values.slice(4).map((value) => 2 * value - 1);
    expect(decode(toType, await readBytes(gpu, to), count)).toEqual(expected);
  });
});
