import { expect } from "vitest";
import { createBuffer, uploadBuffer } from "../../gpu/buffers.ts";
import { readFloats } from "../../gpu/readback.ts";
import { CommandRecorder } from "../../gpu/recorder.ts";
import { gpuTest } from "../../gpu/testing.ts";
import { recordAffine } from "./affine.ts";

gpuTest.for([6, 7, 300])("%i elements from the fifth on", async (count, { gpu }) => {
  const values = Float32Array.from({ length: count + 4 }, (_, i) => i / 8);
  const from = uploadBuffer(gpu, "x", values);
  const to = createBuffer(gpu, "y", 4 * count);
  const recorder = new CommandRecorder(gpu, "affine");
  recordAffine(recorder, { from, first: 4, to, count, scale: 2, offset: -1 });
  recorder.submit();
  const expected = values.slice(4).map((value) => 2 * value - 1);
  expect(await readFloats(gpu, to, count)).toEqual(expected);
});
