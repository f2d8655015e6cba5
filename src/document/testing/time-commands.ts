/** How long each command takes on a scene of a million splats: `node src/cli/launch.mjs src/document/testing/time-commands.ts` */
import type { AnyFields } from "../../core/params.ts";
import { createRng } from "../../core/rng.ts";
import { plainCamera } from "../../raster/testing/scenes.ts";
import { createSplats } from "../../scene/attributes.ts";
import { shapes } from "../../scene/testing/point-scene.ts";
import { displayOf } from "../display.ts";
import { addLayer, documentOf, type Doc } from "../document.ts";
import { proposeFloaters } from "../floaters.ts";
import { flatten } from "../flatten.ts";
import { histogramOf } from "../histogram.ts";
import { commands } from "../commands/index.ts";
import { memoryStore } from "../recovery/byte-store.ts";
import { createJournal } from "../recovery/journal.ts";
import { centreHit, maskOf } from "../screen.ts";
import { selectWhere } from "../select.ts";
import { sceneOf } from "./layered.ts";

const COUNT = Number(process.argv[2] ?? 1_000_000);
const frame = { up: [0, 1, 0], focus: { center: [0, 0, 0], radius: 1.5 } } as const;
const camera = {
  ...plainCamera(1920, 1080),
  worldToCamera: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 0, 0, 0, 1],
};

/** Surfaces, a ground, a far sky and strays, SH degree 3. */
function scene() {
  const rng = createRng("a million");
  const part = (share: number): number => Math.floor(share * COUNT);
  const points = [
    ...shapes.ball(rng, part(0.4), [0, 0.5, 0], 0.5),
    ...shapes.ground(rng, part(0.4), 0, 3),
    ...shapes.sky(rng, part(0.15), 40),
    ...shapes.floaters(rng, part(0.05), 5),
  ];
  const splats = createSplats(points.length, 3);
  points.forEach((point, i) => splats.means.set(point, 3 * i));
  for (let i = 0; i < splats.quaternions.length; i++) splats.quaternions[i] = rng.range(-1, 1);
  for (let i = 0; i < splats.logScales.length; i++) splats.logScales[i] = rng.range(-6, -4);
  for (let i = 0; i < splats.opacityLogits.length; i++) splats.opacityLogits[i] = rng.range(-6, 6);
  for (let i = 0; i < splats.sh.length; i++) splats.sh[i] = rng.range(-0.3, 0.3);
  return sceneOf("million.ply", splats);
}

async function timed<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  const begun = performance.now();
  const result = await work();
  console.log(`${name.padEnd(28)} ${(performance.now() - begun).toFixed(0).padStart(6)} ms`);
  return result;
}

const half: AnyFields = { center: [0.3, 0.5, 0], radius: 0.5 };
const STEPS: readonly (readonly [id: string, values?: AnyFields])[] = [
  ["select.all"],
  ["select.invert"],
  ["select.box", { size: [1, 1, 1], rotation: [1, 0.2, 0, 0] }],
  ["select.range", { attribute: "hue", min: 0.1, max: 0.4 }],
  ["select.color", { color: [0.5, 0.5, 0.5], threshold: 0.2 }],
  ["select.flood", { point: [0, 1, 0], threshold: 0.6 }],
  ["select.sphere", half],
  ["select.grow"],
  ["select.shrink"],
  ["set.save", { name: "ball" }],
  ["transform.apply", { rotation: [1, 0.1, 0, 0] }],
  ["transform.apply", { target: "all", rotation: [1, 0.1, 0, 0], scale: 1.1 }],
  ["color.grade", { target: "all", saturation: 0.5, opacity: 0.9 }],
  ["layer.duplicate-selection"],
  ["layer.separate"],
  ["layer.merge"],
  ["hide.others"],
  ["hide.reveal"],
  ["crop.sphere", { radius: 4 }],
  ["transform.orient", { up: [0.1, 1, 0] }],
];

let doc: Doc = documentOf(scene(), frame);
console.log(`${COUNT.toLocaleString("en")} splats of SH degree 3`);
for (const [id, values = {}] of STEPS) {
  doc = await timed(id, () => commands.get(id).apply(doc, values, { camera }));
}
await timed("histogram (hue)", () => histogramOf(doc, { attribute: "hue", bins: 128 }));
const proposed = await timed("floaters, first time", () => proposeFloaters(doc, 0.3));
await timed("floaters, another strength", () => proposeFloaters(doc, 0.6));
await timed("select a rectangle's centres", () => {
  const mask = maskOf({ kind: "rectangle", from: [600, 300], to: [1300, 800] }, camera);
  return selectWhere(doc, "set", ({ scene }) => centreHit(scene.splats, camera, mask));
});
await timed("mask of a lasso", () =>
  maskOf(
    {
      kind: "polygon",
      points: Array.from({ length: 500 }, (_, i) => [
        960 + 500 * Math.cos(i / 80),
        540 + 500 * Math.sin(i / 80),
      ]),
    },
    camera,
  ),
);
const journal = createJournal(memoryStore(), "times");
const save = (docs: readonly Doc[]) =>
  journal.save({
    name: "million",
    timeline: { docs, labels: docs.slice(1).map(String), cursor: docs.length - 1 },
  });
await timed("save all, in memory", () => save([doc]));
await timed("save a new selection", async () =>
  save([doc, await commands.get("select.invert").apply(doc, {}, {})]),
);
await timed("display states", () => displayOf(proposed.doc));
await timed("flatten", () => flatten(doc));
await timed("add a layer", () => addLayer(doc, sceneOf("again", doc.layers[0]!.scene.splats)));
