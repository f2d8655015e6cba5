import { text } from "../../core/params.ts";
import { defineCommand } from "../command.ts";
import { layerOf } from "../document.ts";
import { modeParam, selectWhere } from "../select.ts";
import { isSelected } from "../states.ts";

export const selectAll = defineCommand({
  id: "select.all",
  group: "select",
  title: "Select all",
  help: "Selects every splat that is shown and not locked.",
  apply: (doc) => selectWhere(doc, "set", () => () => true),
});

export const selectNone = defineCommand({
  id: "select.none",
  group: "select",
  title: "Select none",
  help: "Empties the selection.",
  apply: (doc) => selectWhere(doc, "set", () => () => false),
});

export const invertSelection = defineCommand({
  id: "select.invert",
  group: "select",
  title: "Invert selection",
  help: "Selects what is not selected, and nothing else.",
  apply: (doc) =>
    selectWhere(
      doc,
      "set",
      ({ state }) =>
        (splat) =>
          !isSelected(state[splat]!),
    ),
});

export const selectLayer = defineCommand({
  id: "select.layer",
  group: "select",
  title: "Select layer",
  help: "Selects the splats of a layer, as far as they are shown and not locked.",
  params: { layer: text({ label: "Layer", help: "Id of the layer.", default: "" }), mode: modeParam },
  apply(doc, { layer: id, mode }) {
    const wanted = layerOf(doc, id);
    return selectWhere(doc, mode, (layer) => () => layer === wanted);
  },
});
