import { UserError } from "../../core/errors.ts";
import { choice, quantity, vector } from "../../core/params.ts";
import type { Point } from "../../scene/bounds.ts";
import { isRotation, type Quaternion } from "../../scene/transform.ts";
import { turnedBoxHolds, type TurnedBox } from "../../scene/turned-box.ts";
import { defineCommand } from "../command.ts";
import { STATE, type Doc, type Layer } from "../document.ts";
import { modeParam, selectWhere, type Hit } from "../select.ts";
import { deselected, isTouchable, mapEditable } from "../states.ts";

const center = vector({
  label: "Center",
  help: "Where the middle is.",
  default: [0, 0, 0] as const as Point,
});
const sphere = {
  center,
  radius: quantity({ label: "Radius", help: "Distance of the surface from the center.", default: 1 }),
};
const box = {
  center,
  size: vector({ label: "Size", help: "Lengths of the edges.", default: [2, 2, 2] as const as Point }),
  rotation: vector({
    label: "Rotation",
    help: "As a quaternion (w, x, y, z).",
    default: [1, 0, 0, 0] as const as Quaternion,
  }),
};
interface SphereValues {
  readonly center: Point;
  readonly radius: number;
}

/** A splat is inside when its centre is; the border counts. Comparisons fail for what is not a number. */
function inSphere({ center: [x, y, z], radius }: SphereValues): (layer: Layer) => Hit {
  if (!(radius > 0)) throw new UserError("The sphere has no inside.", "Give a radius above 0.");
  return ({ scene: { splats } }) => {
    const { means } = splats;
    return (i) => Math.hypot(means[3 * i]! - x, means[3 * i + 1]! - y, means[3 * i + 2]! - z) <= radius;
  };
}

function inBox(box: TurnedBox): (layer: Layer) => Hit {
  if (!box.size.every((edge) => edge > 0))
    throw new UserError("The box has no inside.", "Give sizes above 0.");
  if (!isRotation(box.rotation)) throw new UserError("The box's rotation is none.", "Give (1, 0, 0, 0).");
  const holds = turnedBoxHolds(box);
  return ({ scene: { splats } }) => {
    const { means } = splats;
    return (i) => holds(means[3 * i]!, means[3 * i + 1]!, means[3 * i + 2]!);
  };
}

export const selectSphere = defineCommand({
  id: "select.sphere",
  group: "select",
  title: "Select in sphere",
  help: "Selects the splats whose centers are in a sphere.",
  params: { ...sphere, mode: modeParam },
  apply: (doc, { mode, ...values }) => selectWhere(doc, mode, inSphere(values)),
});

export const selectBox = defineCommand({
  id: "select.box",
  group: "select",
  title: "Select in box",
  help: "Selects the splats whose centers are in a box, which may be turned.",
  params: { ...box, mode: modeParam },
  apply: (doc, { mode, ...values }) => selectWhere(doc, mode, inBox(values)),
});

const keep = choice({
  label: "Keep",
  help: "Which side of the surface stays.",
  options: ["inside", "outside"],
  default: "inside",
});

/** Deletes what can be changed and is on the other side. */
const crop = (doc: Doc, kept: string, inside: (layer: Layer) => Hit): Doc =>
  mapEditable(doc, (layer) => {
    const isInside = inside(layer);
    return (bits, splat) => {
      const goes = isTouchable(bits) && isInside(splat) !== (kept === "inside");
      return goes ? deselected(bits) | STATE.deleted : bits;
    };
  });

export const cropSphere = defineCommand({
  id: "crop.sphere",
  group: "edit",
  title: "Crop to sphere",
  help: "Deletes what is outside of a sphere, or inside. Hidden and locked splats stay.",
  params: { ...sphere, keep },
  apply: (doc, { keep: kept, ...values }) => crop(doc, kept, inSphere(values)),
});

export const cropBox = defineCommand({
  id: "crop.box",
  group: "edit",
  title: "Crop to box",
  help: "Deletes what is outside of a box, or inside. Hidden and locked splats stay.",
  params: { ...box, keep },
  apply: (doc, { keep: kept, ...values }) => crop(doc, kept, inBox(values)),
});
