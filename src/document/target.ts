/** What a transform or a colour grade acts on. */
import { UserError } from "../core/errors.ts";
import { text } from "../core/params.ts";
import type { Splats } from "../scene/attributes.ts";
import { withSplats } from "../scene/document.ts";
import { changedWith } from "./contributions.ts";
import { isEditable, layerOf, mapLayers, type Doc, type Layer } from "./document.ts";
import { isSelected, needSelection, rowsWhere } from "./states.ts";

export const targetParam = text({
  label: "What",
  help: "“selection”, “all” layers that are shown and not locked, or the id of one layer.",
  default: "selection",
});

/** What becomes of a layer's splats, at some rows or, where none are given, at all of them. */
export type SplatsChange = (splats: Splats, rows?: Uint32Array) => Splats;

/**
 * Changes the splats of the target. A layer goes as a whole, with what is hidden, locked or deleted in it, so that it
 * stays in one piece. `rows` are absent where all of a layer change.
 */
export function changeTarget(doc: Doc, target: string, change: SplatsChange): Doc {
  if (target === "selection") {
    needSelection(doc);
    return changeSplats(doc, change, (layer) => rowsWhere(layer.state, isSelected));
  }
  if (target === "all") return changeSplats(doc, change, (layer) => (isEditable(layer) ? "all" : NONE));
  const wanted = layerOf(doc, target);
  if (wanted.locked) throw new UserError(`The layer “${wanted.name}” is locked.`, "Unlock it first.");
  return changeSplats(doc, change, (layer) => (layer === wanted ? "all" : NONE));
}

const NONE = new Uint32Array();

/** Changes some rows of each layer, and what edits from words have made of these. */
export function changeSplats(
  doc: Doc,
  change: SplatsChange,
  which: (layer: Layer) => Uint32Array | "all",
): Doc {
  let { edits } = doc;
  const next = mapLayers(doc, (layer) => {
    const chosen = which(layer);
    const rows = chosen === "all" ? undefined : chosen;
    if (rows?.length === 0) return layer;
    const splats = change(layer.scene.splats, rows);
    if (splats === layer.scene.splats) return layer;
    edits = changedWith(edits, layer.id, change, rows);
    return { ...layer, scene: withSplats(layer.scene, splats) };
  });
  return next === doc ? doc : { ...next, edits };
}
