import { describe, expect, it } from "vitest";
import type { Pixel, ScreenShape } from "../../document/screen.ts";
import { DRAWING_TOOLS } from "./drawing-tools.ts";
import { scaledShape } from "./pixels.ts";
import { modeOf, type Drawing, type DrawingToolId, type ToolEvent } from "./tool.ts";

const down = (x: number, y: number): ToolEvent => ({ kind: "down", at: [x, y] });
const move = (x: number, y: number): ToolEvent => ({ kind: "move", at: [x, y] });
const up = (x: number, y: number): ToolEvent => ({ kind: "up", at: [x, y] });
const double = (x: number, y: number): ToolEvent => ({ kind: "double", at: [x, y] });
const FINISH: ToolEvent = { kind: "finish" };
const BACK: ToolEvent = { kind: "back" };
const CANCEL: ToolEvent = { kind: "cancel" };
const ABORT: ToolEvent = { kind: "abort" };

/** Feeds events to a tool; what it has finished, and what is left on the screen. */
function play(id: DrawingToolId, events: readonly ToolEvent[]) {
  const tool = DRAWING_TOOLS[id];
  const shapes: ScreenShape[] = [];
  let drawing: Drawing;
  for (const event of events) {
    const step = tool.step(drawing, event, { radius: 20 });
    drawing = step.drawing;
    if (step.shape) shapes.push(step.shape);
  }
  return { shapes, drawing };
}

describe.each(Object.keys(DRAWING_TOOLS) as DrawingToolId[])("%s", (id) => {
  it("ignores a pointer that is only passing by", () => {
    expect(play(id, [move(1, 1), move(9, 9), up(9, 9), FINISH, BACK])).toEqual({
      shapes: [],
      drawing: undefined,
    });
  });

  it("forgets what was drawn on Escape and can begin again", () => {
    const { shapes, drawing } = play(id, [down(0, 0), move(30, 0), move(30, 30), CANCEL, move(5, 5)]);
    expect(shapes).toEqual([]);
    expect(drawing).toBeUndefined();
    expect(play(id, [down(0, 0), move(30, 0), CANCEL, down(7, 8)]).drawing?.[0]).toEqual([7, 8]);
  });
});

describe("a press that was the beginning of something else", () => {
  it("draws nothing", () => {
    for (const id of ["rectangle", "lasso", "brush"] as const)
      expect(play(id, [down(0, 0), move(30, 0), ABORT, up(30, 30)])).toEqual({
        shapes: [],
        drawing: undefined,
      });
  });

  it("takes its corner from a polygon, and no other", () => {
    const corners = [down(0, 0), up(0, 0), down(50, 0), up(50, 0)];
    const before = play("polygon", corners).drawing;
    expect(play("polygon", [...corners, down(50, 50), ABORT]).drawing?.slice(0, -1)).toEqual(
      before?.slice(0, -1),
    );
  });
});

describe("rectangle", () => {
  it("goes from where the button went down to where it went up", () => {
    const { shapes, drawing } = play("rectangle", [down(10, 20), move(15, 22), move(40, 60), up(50, 70)]);
    expect(shapes).toEqual([{ kind: "rectangle", from: [10, 20], to: [50, 70] }]);
    expect(drawing).toBeUndefined();
  });
});

describe("lasso", () => {
  it("is the way of the pointer, without points that say nothing new", () => {
    const { shapes } = play("lasso", [down(0, 0), move(0.5, 0), move(30, 0), move(30, 30), up(30, 30)]);
    expect(shapes).toEqual([
      {
        kind: "polygon",
        points: [
          [0, 0],
          [30, 0],
          [30, 30],
        ],
      },
    ]);
  });
  it("of a mere click is nothing", () => expect(play("lasso", [down(4, 4), up(4, 4)]).shapes).toEqual([]));
});

describe("polygon", () => {
  const click = (x: number, y: number): ToolEvent[] => [down(x, y), up(x, y)];
  const corners: Pixel[] = [
    [0, 0],
    [100, 0],
    [100, 100],
  ];
  const clicked = corners.flatMap(([x, y]) => [move(x, y), ...click(x, y)]);
  const done: ScreenShape = { kind: "polygon", points: corners };

  it.each<[string, ToolEvent[]]>([
    ["Enter", [FINISH]],
    ["a click on its first corner", click(3, 4)],
    ["a double click", [double(100, 100)]],
  ])("closes on %s", (_how, events) => {
    expect(play("polygon", [...clicked, ...events])).toEqual({ shapes: [done], drawing: undefined });
  });

  it("takes its last corner back on Backspace", () => {
    const { shapes } = play("polygon", [...clicked, ...click(50, 180), BACK, FINISH]);
    expect(shapes).toEqual([done]);
    expect(play("polygon", [...click(1, 1), BACK]).drawing).toBeUndefined();
  });

  it("with two corners is nothing", () => {
    expect(play("polygon", [...click(0, 0), ...click(50, 0), FINISH])).toEqual({
      shapes: [],
      drawing: undefined,
    });
  });
});

describe("brush", () => {
  it("paints along its way, a click too", () => {
    expect(play("brush", [down(5, 5), up(5, 5)]).shapes).toEqual([
      { kind: "brush", points: [[5, 5]], radius: 20 },
    ]);
    expect(play("brush", [down(0, 0), move(9, 0), move(9, 1), up(9, 1)]).shapes).toEqual([
      {
        kind: "brush",
        points: [
          [0, 0],
          [9, 0],
        ],
        radius: 20,
      },
    ]);
  });
});

it("adds with Shift, removes with Ctrl, keeps what is in both with both", () => {
  const mode = (shift: boolean, ctrl: boolean) => modeOf({ shift, ctrl }, "set");
  expect([mode(false, false), mode(true, false), mode(false, true), mode(true, true)]).toEqual([
    "set",
    "add",
    "remove",
    "intersect",
  ]);
});

it("finds a shape in a finer picture", () => {
  expect(scaledShape({ kind: "brush", points: [[1, 2]], radius: 3 }, 2)).toEqual({
    kind: "brush",
    points: [[2, 4]],
    radius: 6,
  });
});
