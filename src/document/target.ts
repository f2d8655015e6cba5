/** What a transform or a colour grade acts on. */
import { UserError } from "../core/errors.ts";
import { text } from "../core/params.ts";
import type { Splats } from "../scene/attributes.ts";
import { withSplats } from "../scene/document.ts";
import { isEditable, layerOf, mapLayers, type Doc, type Layer } from "./document.ts";
import { isSelected, needSelection, rowsWhere } from "./states.ts";

export const targetParam = text({
  label: "What",
  help: "“selection”, “all” layers that are shown and not locked, or the id of one layer.",
  default: "selection",
});

/**
 * Changes the splats of the target. A layer goes as a whole, with what is hidden, locked or deleted in it, so that it
 * stays in one piece. `rows` are absent where all of a layer change.
 */
export function changeTarget(
  doc: Doc,
  target: string,
  change: (splats: Splats, rows?: Uint32Array) => Splats,
): Doc {
  const changed = (layer: Layer, rows?: Uint32Array): Layer => {
    if (rows?.length === 0) return layer;
    const splats = change(layer.scene.splats, rows);
    return splats === layer.scene.splats ? layer : { ...layer, scene: withSplats(layer.scene, splats) };
  };
  if (target === "selection") {
    needSelection(doc);
    return mapLayers(doc, (layer) => changed(layer, rowsWhere(layer.state, isSelected)));
  }
  if (target === "all") return mapLayers(doc, (layer) => (isEditable(layer) ? changed(layer) : layer));
  const wanted = layerOf(doc, target);
  if (wanted.locked) throw new UserError(`The layer “${wanted.name}” is locked.`, "Unlock it first.");
  return mapLayers(doc, (layer) => (layer === wanted ? changed(layer) : layer));
}
