import type { Pixel } from "../../document/screen.ts";
import type { DrawingTool, DrawingToolId, ToolEvent, ToolStep } from "./tool.ts";

/** Nearer to the last point, a lasso or stroke gets no other one. */
const SPACING = 2;
/** A click this near to the first point closes a polygon. */
const CLOSE = 14;

const distance = ([x, y]: Pixel, [u, v]: Pixel): number => Math.hypot(x - u, y - v);
const start = (at: Pixel): ToolStep => ({ drawing: [at] });
const NOTHING: ToolStep = { drawing: undefined };

const isGivenUp = ({ kind }: ToolEvent): boolean => kind === "cancel" || kind === "abort";

/** The drawing with another point, unless it is where the last one is. */
const extended = (drawing: readonly Pixel[], at: Pixel): readonly Pixel[] =>
  distance(drawing.at(-1)!, at) < SPACING ? drawing : [...drawing, at];

const rectangle: DrawingTool = {
  id: "rectangle",
  step(drawing, event) {
    if (event.kind === "down") return start(event.at);
    if (isGivenUp(event) || !drawing) return NOTHING;
    if (event.kind === "move") return { drawing: [drawing[0]!, event.at] };
    if (event.kind === "up") {
      return { drawing: undefined, shape: { kind: "rectangle", from: drawing[0]!, to: event.at } };
    }
    return { drawing };
  },
  preview: (drawing) => ({ kind: "rectangle", from: drawing[0]!, to: drawing.at(-1)! }),
};

const lasso: DrawingTool = {
  id: "lasso",
  step(drawing, event) {
    if (event.kind === "down") return start(event.at);
    if (isGivenUp(event) || !drawing) return NOTHING;
    if (event.kind === "move") return { drawing: extended(drawing, event.at) };
    if (event.kind !== "up") return { drawing };
    // A click is no outline.
    return drawing.length < 3 ? NOTHING : { drawing: undefined, shape: { kind: "polygon", points: drawing } };
  },
  preview: (points) => ({ kind: "polygon", points }),
};

/** Click by click; the last point follows the pointer. */
const polygon: DrawingTool = {
  id: "polygon",
  step(drawing, event) {
    switch (event.kind) {
      case "down":
        if (!drawing) return { drawing: [event.at, event.at] };
        if (drawing.length > 3 && distance(drawing[0]!, event.at) < CLOSE)
          return closed(drawing.slice(0, -1));
        return { drawing: [...drawing.slice(0, -1), event.at, event.at] };
      case "move":
        return { drawing: drawing && [...drawing.slice(0, -1), event.at] };
      case "double": // its first click has set the last corner already
      case "finish":
        return drawing ? closed(withoutRepeats(drawing.slice(0, -1))) : NOTHING;
      case "back":
      case "abort": // its press has set a corner
        if (!drawing || drawing.length <= 2) return NOTHING;
        return { drawing: [...drawing.slice(0, -2), drawing.at(-1)!] };
      case "cancel":
        return NOTHING;
      case "up":
        return { drawing };
    }
  },
  preview: (points) => ({ kind: "polygon", points }),
};

const closed = (points: readonly Pixel[]): ToolStep =>
  points.length < 3 ? NOTHING : { drawing: undefined, shape: { kind: "polygon", points } };

const withoutRepeats = (points: readonly Pixel[]): readonly Pixel[] =>
  points.filter((point, i) => i === 0 || distance(point, points[i - 1]!) >= SPACING);

const brush: DrawingTool = {
  id: "brush",
  step(drawing, event, { radius }) {
    if (event.kind === "down") return start(event.at);
    if (isGivenUp(event) || !drawing) return NOTHING;
    if (event.kind === "move") return { drawing: extended(drawing, event.at) };
    if (event.kind !== "up") return { drawing };
    return { drawing: undefined, shape: { kind: "brush", points: drawing, radius } };
  },
  preview: (points, { radius }) => ({ kind: "brush", points, radius }),
};

export const DRAWING_TOOLS: Readonly<Record<DrawingToolId, DrawingTool>> = {
  rectangle,
  lasso,
  polygon,
  brush,
};

export const drawingTool = (id: string | undefined): DrawingTool | undefined =>
  id === undefined ? undefined : (DRAWING_TOOLS as Readonly<Record<string, DrawingTool | undefined>>)[id];
