import { expect } from "vitest";
import { STATE } from "../document/document.ts";
import { cloud } from "../document/testing/layered.ts";
import { gpuTest } from "../gpu/testing.ts";
import { downloadSplats, uploadSplats } from "../scene/mirror.ts";
import { transformSplats } from "../scene/transform.ts";
import { createStatePass } from "./state-pass.ts";
import { createTransformPreview } from "./transform-preview.ts";

const by = {
  rotation: [1, 0.4, -0.2, 0.7],
  scale: 1.5,
  translation: [1, 2, 3],
  pivot: [0.5, 0, -1],
} as const;
const splats = cloud("preview", 300, 1);
const states = new Uint8Array(300).map((_, i) => (i % 3 === 0 ? STATE.selected : STATE.locked));

gpuTest("a preview shows what the transform will do, to the selection or to a layer", async ({ gpu }) => {
  const pass = createStatePass(gpu);
  pass.write(states);
  const buffers = uploadSplats(gpu, splats);
  const preview = createTransformPreview(gpu);
  const TARGETS = [
    { target: { selectedOnly: true, first: 0, end: 300 }, moves: (i: number) => i % 3 === 0 },
    { target: { selectedOnly: false, first: 100, end: 200 }, moves: (i: number) => i >= 100 && i < 200 },
  ];
  for (const { target, moves } of TARGETS) {
    const shown = await downloadSplats(gpu, preview.apply(buffers, pass.states, by, target));
    const rows = Uint32Array.from({ length: 300 }, (_, i) => i).filter(moves);
    const expected = transformSplats(splats, by, rows);
    for (const attribute of ["means", "quaternions", "logScales"] as const) {
      shown[attribute].forEach((value, k) => expect(value).toBeCloseTo(expected[attribute][k]!, 5));
    }
    expect(shown.sh).toEqual(splats.sh);
    expect(shown.means.subarray(3, 6)).toEqual(splats.means.subarray(3, 6)); // not moved, to the bit
  }
  expect(await downloadSplats(gpu, buffers)).toEqual(splats);
  preview.end();
  pass.dispose();
});
