import { direction } from "../../camera/vec3.ts";
import { UserError } from "../../core/errors.ts";
import { choice, quantity, vector } from "../../core/params.ts";
import type { Point } from "../../scene/bounds.ts";
import type { SceneMetadata } from "../../scene/document.ts";
import {
  isRotation,
  isTurn,
  transformPoint,
  transformSplats,
  turnBetween,
  type Quaternion,
  type Similarity,
} from "../../scene/transform.ts";
import { defineCommand } from "../command.ts";
import { mapLayers, type Doc } from "../document.ts";
import { changeSplats, changeTarget, targetParam } from "../target.ts";

export const transform = defineCommand({
  id: "transform.apply",
  group: "transform",
  title: "Transform",
  help: "Moves, turns and scales splats about a pivot; their colours turn with them.",
  params: {
    target: targetParam,
    translation: vector({ label: "Move by", help: "Along x, y and z.", default: [0, 0, 0] as Point }),
    rotation: vector({
      label: "Turn by",
      help: "As a quaternion (w, x, y, z).",
      default: [1, 0, 0, 0] as Quaternion,
    }),
    scale: quantity({ label: "Scale by", help: "The same in all directions.", default: 1 }),
    pivot: vector({ label: "Pivot", help: "The point that only moves.", default: [0, 0, 0] as Point }),
  },
  label: ({ translation, rotation, scale }) => {
    const parts = [
      translation.some((value) => value !== 0) && "Move",
      isTurn(rotation) && "rotate",
      scale !== 1 && "scale",
    ].filter((part) => part !== false);
    const words = parts.join(", ") || "Transform";
    return words[0]!.toUpperCase() + words.slice(1);
  },
  apply(doc, { target, ...by }) {
    if (!(by.scale > 0)) throw new UserError("The scale is not above 0.", "Give a factor like 0.5 or 2.");
    if (!isRotation(by.rotation)) throw new UserError("The rotation is none.", "Give (1, 0, 0, 0).");
    if (isIdentity(by)) return doc;
    const next = changeTarget(doc, target, (splats, rows) => transformSplats(splats, by, rows));
    return target === "all" ? withFocus(next, by) : next;
  },
});

const isIdentity = ({ translation, rotation, scale }: Similarity): boolean =>
  !translation.some((value) => value !== 0) && !isTurn(rotation) && scale === 1;

/** What views look at goes where everything goes. */
function withFocus(doc: Doc, by: Similarity): Doc {
  const { center, radius } = doc.frame.focus;
  const focus = { center: transformPoint(by, center), radius: radius * by.scale };
  return { ...doc, frame: { ...doc.frame, focus } };
}

/** Which way is up by the conventions of tools: most viewers, COLMAP and so INRIA, nerfstudio and CAD. */
const CONVENTIONS: Readonly<Record<string, Point>> = {
  "+y": [0, 1, 0],
  "-y": [0, -1, 0],
  "+z": [0, 0, 1],
  "-z": [0, 0, -1],
};

export const orient = defineCommand({
  id: "transform.orient",
  group: "transform",
  title: "Turn upright",
  help: "Turns everything about the focus so that what is up becomes +y, or another axis.",
  params: {
    up: vector({
      label: "Up",
      help: "Which way is up now; (0, 0, 0) takes what the scene says.",
      default: [0, 0, 0] as Point,
    }),
    to: choice({
      label: "Becomes",
      help: "+y in most viewers, -y in files of COLMAP and INRIA, +z in nerfstudio and CAD.",
      options: Object.keys(CONVENTIONS),
      default: "+y",
    }),
  },
  label: ({ to }) => `Turn up to ${to}`,
  apply(doc, { up, to }) {
    const from = direction(up) ?? direction(doc.frame.up);
    if (!from)
      throw new UserError("There is no direction that is up.", "Give three numbers that are not all 0.");
    const wanted = CONVENTIONS[to]!;
    const by: Similarity = {
      ...{ rotation: turnBetween(from, wanted), scale: 1 },
      ...{ translation: [0, 0, 0], pivot: doc.frame.focus.center },
    };
    const turned = isTurn(by.rotation) ? changeEverything(doc, by) : doc;
    const isUp = doc.frame.up.every((value, axis) => value === wanted[axis]);
    if (turned === doc && isUp) return doc;
    return withMetadata({ ...turned, frame: { ...turned.frame, up: wanted } }, { up: wanted });
  },
});

/** Layers that are hidden or locked turn too: they would not fit the others any more. */
const changeEverything = (doc: Doc, by: Similarity): Doc =>
  changeSplats(
    doc,
    (splats) => transformSplats(splats, by),
    () => "all",
  );

const withMetadata = (doc: Doc, facts: Pick<SceneMetadata, "up">): Doc =>
  mapLayers(doc, (layer) => ({
    ...layer,
    scene: { ...layer.scene, metadata: { ...layer.scene.metadata, ...facts } },
  }));
