/** Selecting by what splats are like, and by who their neighbours are. */
import { cameraCenter } from "../../camera/pose.ts";
import { UserError } from "../../core/errors.ts";
import { pause } from "../../core/pause.ts";
import { choice, quantity, slider, toggle, vector } from "../../core/params.ts";
import type { Point } from "../../scene/bounds.ts";
import { colorsFrom, type Color } from "../../scene/colors.ts";
import { defineCommand, type CommandContext } from "../command.ts";
import type { Doc, Layer, Members } from "../document.ts";
import { MEASURE_IDS, MEASURES, type MeasureId } from "../measures.ts";
import { membersOf, pointsOf, treeOf, typicalSpacing, type Points } from "../points.ts";
import { membersHit, modeParam, selectWhere, type Hit } from "../select.ts";
import { isSelected, needSelection } from "../states.ts";

export const selectRange = defineCommand({
  id: "select.range",
  group: "select",
  title: "Select by value",
  help: "Selects the splats of which an attribute lies in a range, its ends included.",
  params: {
    attribute: choice({
      label: "Attribute",
      help: "What is compared.",
      options: MEASURE_IDS,
      default: "opacity",
    }),
    min: quantity({ label: "From", help: "The smallest value.", default: -Number.MAX_VALUE }),
    max: quantity({ label: "To", help: "The largest value.", default: Number.MAX_VALUE }),
    mode: modeParam,
  },
  label: ({ attribute }) => `Select by ${MEASURES[attribute as MeasureId].label}`,
  apply: (doc, { attribute, min, max, mode }) =>
    selectWhere(doc, mode, ({ scene }) => {
      const valueOf = MEASURES[attribute as MeasureId].of(scene.splats, doc.frame);
      return (splat) => {
        const value = valueOf(splat);
        return value >= min && value <= max;
      };
    }),
});

const ORIGIN: Point = [0, 0, 0];
const threshold = slider({
  label: "Tolerance",
  help: "How much red, green and blue may differ.",
  ...{ min: 0, max: 1, step: 0.01, default: 0.1 },
});
const seenFromHere = toggle({
  label: "As seen from here",
  help: "Compares the colours that the camera sees rather than those that all sides share.",
  default: true,
});

/** Whether every channel of a splat's colour, in [0, 1], is within the tolerance. */
function looksLike(color: Point, tolerance: number, eye: Point | undefined): (layer: Layer) => Hit {
  const own: Color = [0, 0, 0];
  return ({ scene }) => {
    const colorOf = colorsFrom(scene.splats, eye);
    return (splat) => {
      colorOf(splat, own);
      return (
        Math.abs(Math.min(1, own[0]) - color[0]) <= tolerance &&
        Math.abs(Math.min(1, own[1]) - color[1]) <= tolerance &&
        Math.abs(Math.min(1, own[2]) - color[2]) <= tolerance
      );
    };
  };
}

const eyeOf = ({ camera }: CommandContext, seen: boolean): Point | undefined =>
  seen && camera ? cameraCenter(camera.worldToCamera) : undefined;

export const selectColor = defineCommand({
  id: "select.color",
  group: "select",
  title: "Select by color",
  help: "Selects the splats that look like a color, wherever they are.",
  params: {
    color: vector({ label: "Color", help: "Red, green and blue from 0 to 1.", default: ORIGIN }),
    ...{ threshold, seenFromHere, mode: modeParam },
  },
  apply: (doc, { color, threshold: tolerance, seenFromHere: seen, mode }, context) =>
    selectWhere(doc, mode, looksLike(color, tolerance, eyeOf(context, seen))),
});

const reach = quantity({
  label: "Reach",
  help: "How far a neighbour may be; 0 takes three times the typical spacing.",
  default: 0,
});
/** Splats between two pauses. */
const CHUNK = 1 << 16;
/** In typical spacings, where no reach is given. */
const REACH = 3;

export const selectFlood = defineCommand({
  id: "select.flood",
  group: "select",
  title: "Select connected",
  help: "Selects what is connected to a point by near neighbours of a similar color.",
  params: {
    point: vector({ label: "Point", help: "Where it begins.", default: ORIGIN }),
    ...{ threshold, seenFromHere, reach, mode: modeParam },
  },
  async apply(doc, { point, threshold: tolerance, seenFromHere: seen, reach: asked, mode }, context) {
    const eye = eyeOf(context, seen);
    const color = colorNear(doc, point, eye);
    const points = pointsOf(doc, looksLike(color, tolerance, eye));
    const tree = treeOf(points);
    const radius = asked > 0 ? asked : REACH * typicalSpacing(points, tree);
    const reached = new Uint8Array(points.count);
    const queue = new Uint32Array(points.count);
    let [next, end] = [0, 0];
    const visit = (k: number): void => {
      reached[k] = 1;
      queue[end++] = k;
    };
    const { positions } = points;
    tree.take(...point, Math.max(radius, tree.nearest(...point)) * (1 + 1e-6), visit);
    while (next < end) {
      if (next % CHUNK === CHUNK - 1) await pause();
      const at = 3 * queue[next++]!;
      tree.take(positions[at]!, positions[at + 1]!, positions[at + 2]!, radius, visit);
    }
    return selectWhere(doc, mode, membersHit(membersOf(doc, points, (k) => reached[k] === 1)));
  },
});

/** The colour of the splat that can be selected and is nearest. */
function colorNear(doc: Doc, [x, y, z]: Point, eye: Point | undefined): Point {
  const points = pointsOf(doc, () => () => true);
  let [nearest, least] = [-1, Infinity];
  for (let k = 0; k < points.count; k++) {
    const at = 3 * k;
    const distance = Math.hypot(
      points.positions[at]! - x,
      points.positions[at + 1]! - y,
      points.positions[at + 2]! - z,
    );
    if (distance < least) [nearest, least] = [k, distance];
  }
  if (nearest < 0)
    throw new UserError("There is nothing that could be selected.", "Reveal or unlock something first.");
  const color: Color = [0, 0, 0];
  const { splats } = doc.layers[points.layers[nearest]!]!.scene;
  colorsFrom(splats, eye)(points.rows[nearest]!, color);
  return color.map((value) => Math.min(1, value)) as Color;
}

const pointsWith = (doc: Doc, fits: (bits: number) => boolean): Points =>
  pointsOf(
    doc,
    ({ state }) =>
      (splat) =>
        fits(state[splat]!),
  );

/** Of what is selected; of everything where that says nothing, as a single splat does. */
function selectedSpacing(doc: Doc): number {
  const spacing = (points: Points): number => typicalSpacing(points, treeOf(points));
  return spacing(pointsWith(doc, isSelected)) || spacing(pointsWith(doc, () => true));
}

/**
 * Which of the others have one of these within reach. By default that follows from the spacing of what is selected,
 * whichever these are: so what grew shrinks by as much, however sparse its surroundings.
 */
function reachedBy(doc: Doc, these: (bits: number) => boolean, asked: number): Members {
  const sources = pointsWith(doc, these);
  const others = pointsWith(doc, (bits) => !these(bits));
  const tree = treeOf(sources);
  const radius = asked > 0 ? asked : REACH * selectedSpacing(doc);
  const { positions } = others;
  return membersOf(doc, others, (k) => {
    const at = 3 * k;
    return tree.nearest(positions[at]!, positions[at + 1]!, positions[at + 2]!, radius) <= radius;
  });
}

export const growSelection = defineCommand({
  id: "select.grow",
  group: "select",
  title: "Grow selection",
  help: "Adds the splats that are near to selected ones.",
  params: { reach },
  apply(doc, { reach: asked }) {
    needSelection(doc);
    return selectWhere(doc, "add", membersHit(reachedBy(doc, isSelected, asked)));
  },
});

export const shrinkSelection = defineCommand({
  id: "select.shrink",
  group: "select",
  title: "Shrink selection",
  help: "Takes away the splats that are near to ones that are not selected.",
  params: { reach },
  apply(doc, { reach: asked }) {
    needSelection(doc);
    return selectWhere(doc, "remove", membersHit(reachedBy(doc, (bits) => !isSelected(bits), asked)));
  },
});
