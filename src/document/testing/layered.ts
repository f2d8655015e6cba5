/** Small documents for tests. */
import { createRng } from "../../core/rng.ts";
import { createSplats, type ShDegree, type Splats } from "../../scene/attributes.ts";
import { withSplats, type SceneDocument } from "../../scene/document.ts";
import { addEdit, addLayer, documentOf, mapLayers, STATE, type Doc } from "../document.ts";

/** A ball of splats of random shapes and colours, the same for the same seed. */
export function cloud(seed: string, count: number, shDegree: ShDegree, center = [0, 0, 0]): Splats {
  const rng = createRng(seed);
  const splats = createSplats(count, shDegree);
  for (let i = 0; i < splats.means.length; i++) splats.means[i] = center[i % 3]! + 0.5 * rng.normal();
  for (let i = 0; i < splats.quaternions.length; i++) splats.quaternions[i] = rng.normal();
  for (let i = 0; i < splats.logScales.length; i++) splats.logScales[i] = -3 + 0.5 * rng.normal();
  for (let i = 0; i < splats.opacityLogits.length; i++) splats.opacityLogits[i] = 1 + rng.normal();
  for (let i = 0; i < splats.sh.length; i++) splats.sh[i] = 0.4 * rng.normal();
  return splats;
}

export const sceneOf = (name: string, splats: Splats): SceneDocument => ({
  name,
  splats,
  metadata: { comments: [], antialiased: false },
  warnings: [],
});

/**
 * Three layers of SH degree 3, 1 and 0; in each, some splats are selected, hidden, locked or deleted. There is a named
 * set, a proposal, and two edits from words of a few splats.
 */
export function layeredDocument(count = 60): Doc {
  const frame = { up: [0, -1, 0], focus: { center: [0, 0, 0], radius: 1.5 } } as const;
  const first = documentOf(sceneOf("first.ply", cloud("first", count, 3)), frame);
  const second = addLayer(first, sceneOf("second.ply", cloud("second", count, 1, [1, 0, 0])));
  const doc = addLayer(second, sceneOf("third.ply", cloud("third", count, 0, [0, 1, 0])));
  const edits = wordsEdited(wordsEdited(doc, "a blue ball", 7), "a small ball", 4);
  const layers = edits.layers.map((layer, k) => ({
    ...layer,
    state: layer.state.map((_, i) => STATES[(i + k) % STATES.length]!),
  }));
  const everySecond = layers[0]!.state.map((_, i) => i % 2);
  return {
    ...edits,
    layers,
    sets: [{ id: "set-1", name: "half", members: { "layer-1": everySecond } }],
    proposal: { "layer-2": everySecond },
    nextId: 10,
  };
}

const STATES = [
  0,
  STATE.selected,
  STATE.selected,
  0,
  STATE.hidden,
  STATE.selected,
  STATE.locked,
  STATE.deleted,
];

/** The document after an edit from words of its first rows: all colours and places are a little different. */
export function wordsEdited(doc: Doc, target: string, rows = Infinity): Doc {
  const rng = createRng(target);
  const changed = mapLayers(doc, (layer) => {
    const { splats } = layer.scene;
    const count = Math.min(rows, splats.count);
    const nudged = (values: Float32Array): Float32Array =>
      values.map((value, i) =>
        i < (count * values.length) / splats.count ? value + 0.1 * rng.normal() : value,
      );
    const next = { ...splats, means: nudged(splats.means), sh: nudged(splats.sh) };
    return { ...layer, scene: withSplats(layer.scene, next) };
  });
  const thumbnail = Uint8Array.of(rows, 2, 3);
  return addEdit(doc, changed, { source: "a ball", target, method: "ssd", steps: 10, seed: 0, thumbnail });
}
