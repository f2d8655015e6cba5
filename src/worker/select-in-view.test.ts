import { describe, expect } from "vitest";
import { addLayer, documentOf, type Doc } from "../document/document.ts";
import { commands } from "../document/commands/index.ts";
import { displayOf } from "../document/display.ts";
import { isSelected, rowsWhere } from "../document/states.ts";
import { sceneOf } from "../document/testing/layered.ts";
import { gpuTest } from "../gpu/testing.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { plainCamera } from "../raster/testing/scenes.ts";
import { pointScene } from "../scene/testing/point-scene.ts";
import { contributors } from "./contributors.ts";
import { createSceneBuffers } from "./scene-buffers.ts";
import { selectInView } from "./select-in-view.ts";
import { createStatePass } from "./state-pass.ts";

const camera = plainCamera(48, 32);
const frame = { up: [0, -1, 0], focus: { center: [0, 0, 2], radius: 1 } } as const;
/** Of either layer the first splat is in the middle of the picture, the other at its left; the second is behind. */
function twoLayers(): Doc {
  const scene = (depth: number) =>
    sceneOf(
      `at ${depth}`,
      pointScene(
        [
          [0, 0, depth],
          [-0.25 * depth, 0, depth],
        ],
        0.05 * depth,
        0.99,
      ),
    );
  return addLayer(documentOf(scene(2), frame), scene(4));
}
const shape = { kind: "rectangle", from: [24, 16], to: [24, 16] } as const;
const LOOKS = [
  { surfaceOnly: false, footprint: false, expected: [[0], [0]] },
  { surfaceOnly: true, footprint: false, expected: [[0], []] },
  { surfaceOnly: false, footprint: true, expected: [[0], [0]] },
  { surfaceOnly: true, footprint: true, expected: [[0], []] },
] as const;

describe.each(LOOKS)("selecting in the view, $surfaceOnly $footprint", ({ expected, ...look }) => {
  gpuTest("finds the splats of each layer, and not behind what is hidden no more", async ({ gpu }) => {
    const rasterizer = new Rasterizer(gpu);
    const buffers = createSceneBuffers(gpu);
    const states = createStatePass(gpu);
    const select = async (doc: Doc): Promise<number[][]> => {
      const shown = displayOf(doc);
      await buffers.show(shown.parts);
      states.write(shown.states);
      const tint = { color: [1, 1, 0] as const, strength: 1 };
      const view = {
        contributors: async (marked: Uint32Array) => {
          const { saved } = await rasterizer.renderComplete({
            ...{ splats: buffers.splats!, camera, background: [0, 0, 0], antialias: false },
            retouch: states.retouch({ selected: tint, proposed: tint }),
          });
          return contributors(gpu, saved, marked, look);
        },
      };
      const next = await selectInView(doc, { shape, mode: "set", ...look }, camera, view);
      return next.layers.map(({ state }) => [...rowsWhere(state, isSelected)]);
    };
    expect(await select(twoLayers())).toEqual(expected);
    const show = commands.get("layer.show");
    const behind = await show.apply(twoLayers(), { layer: "layer-1", visible: false }, {});
    expect(await select(behind)).toEqual([[], [0]]);
    rasterizer.dispose();
    buffers.dispose();
    states.dispose();
  });
});
