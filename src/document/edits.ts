/** The document with and without its edits from words. */
import { withSplats } from "../scene/document.ts";
import { replayed } from "./contributions.ts";
import { mapLayers, type Doc, type EditRecord, type Layer } from "./document.ts";

/** The document with an edit on or off. */
export function withEdit(doc: Doc, edit: EditRecord, isOn: boolean): Doc {
  if (edit.isOn === isOn) return doc;
  const edits = doc.edits.map((it) => (it === edit ? { ...it, isOn } : it));
  const touched = new Set(edit.contributions.map(({ layer }) => layer));
  const next = mapLayers(doc, (layer) => (touched.has(layer.id) ? layerWith(layer, edits) : layer));
  return { ...next, edits };
}

/** A layer with those edits that are on. */
export function layerWith(layer: Layer, edits: readonly EditRecord[]): Layer {
  const splats = replayed(layer.scene.splats, layer.id, edits);
  return splats === layer.scene.splats ? layer : { ...layer, scene: withSplats(layer.scene, splats) };
}

/** The document without an edit. It is kept, unseen, as long as there are later ones, which were made with it. */
export function withoutEdit(doc: Doc, edit: EditRecord): Doc {
  const { edits, ...rest } = withEdit(doc, edit, false);
  const marked = edits.map((it): EditRecord => (it.id === edit.id ? { ...it, isRemoved: true } : it));
  return { ...rest, edits: marked.slice(0, 1 + marked.findLastIndex(({ isRemoved }) => !isRemoved)) };
}
