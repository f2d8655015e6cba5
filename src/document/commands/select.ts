import { defineCommand } from "../command.ts";
import { selectWhere } from "../select.ts";
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
