import { touchableMask, type FlatScene } from "../document/flatten.ts";
import type { Doc } from "../document/document.ts";
import { needSelection } from "../document/states.ts";
import { EVERYTHING, regionMask } from "../edit/mask.ts";
import type { EditSettings } from "../edit/settings.ts";
import { boxSphere, type Sphere } from "../scene/bounds.ts";
import type { EditRegion, EditRequest } from "./protocol.ts";

/**
 * The settings of an edit of a flat scene: the region without what is locked, and with "the selection" as the splats
 * that it is. Throws a UserError if nothing may move.
 */
export function settingsFor(request: EditRequest, doc: Doc, flat: FlatScene): EditSettings {
  const { region } = request;
  const selectedOnly = region.kind === "selection";
  if (selectedOnly) needSelection(doc);
  const mask = touchableMask(flat, selectedOnly);
  const asked = region.kind === "selection" ? EVERYTHING : region;
  if (!mask.includes(0)) return { ...request, region: asked };
  const inside = regionMask(asked, flat.splats);
  const indices = Uint32Array.from(mask.keys()).filter((i) => mask[i] === 1 && inside[i] === 1);
  const focus = request.focus === "auto" ? (focusOf(region, doc) ?? "auto") : request.focus;
  return { ...request, focus, region: { kind: "splats", indices } };
}

/** What views would look at if nothing were locked; nothing for a selection, whose splats say so themselves. */
function focusOf(region: EditRegion, doc: Doc): Sphere | undefined {
  switch (region.kind) {
    case "all":
      return doc.frame.focus;
    case "sphere":
      return { center: region.center, radius: region.radius };
    case "box":
      return boxSphere(region);
    case "splats":
    case "selection":
      return undefined;
  }
}
