import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { plainCamera } from "../raster/testing/scenes.ts";
import { pointScene } from "../scene/testing/point-scene.ts";
import { centreHit, isMarked, maskOf, type ScreenShape } from "./screen.ts";

const size = { width: 12, height: 8 };
const picture = (shape: ScreenShape): string[] => {
  const mask = maskOf(shape, size);
  return Array.from({ length: size.height }, (_, y) =>
    Array.from({ length: size.width }, (_, x) => (isMarked(mask, x, y) ? "#" : ".")).join(""),
  );
};

describe("a shape's pixels", () => {
  it("are those of a rectangle, however it was drawn, cut off at the picture", () => {
    const expected = [
      "............",
      "..###.......",
      "..###.......",
      ...Array.from({ length: 5 }, () => "............"),
    ];
    expect(picture({ kind: "rectangle", from: [2.2, 1.9], to: [4.1, 2.5] })).toEqual(expected);
    expect(picture({ kind: "rectangle", from: [4.1, 2.5], to: [2.2, 1.9] })).toEqual(expected);
    expect(picture({ kind: "rectangle", from: [-9, -9], to: [99, 99] }).join("")).not.toContain(".");
  });

  it("are at least the one under a click", () => {
    const click = picture({ kind: "rectangle", from: [3.5, 2.5], to: [3.5, 2.5] });
    expect(click.join("").replaceAll(".", "")).toBe("#");
    expect(click[2]![3]).toBe("#");
    expect(picture({ kind: "brush", points: [[3.5, 2.5]], radius: 0 })[2]![3]).toBe("#");
  });

  it("are those of a lasso, by their centres, where it crosses itself too", () => {
    const triangle = picture({
      kind: "polygon",
      points: [
        [1, 1],
        [9, 1],
        [1, 7],
      ],
    });
    expect(triangle).toEqual([
      "............",
      ".#######....",
      ".######.....",
      ".#####......",
      ".###........",
      ".##.........",
      ".#..........",
      "............",
    ]);
    const twice = [
      [1, 1],
      [9, 1],
      [9, 7],
      [1, 7],
    ] as const;
    expect(picture({ kind: "polygon", points: [...twice, ...twice] })).toEqual(
      picture({ kind: "polygon", points: twice }),
    );
  });

  it("are those within a brush's reach of the stroke", () => {
    const from = [2.5, 3.5] as const;
    const to = [8.5, 4.5] as const;
    const radius = 1.6;
    const stroke = picture({ kind: "brush", points: [from, to], radius });
    for (let y = 0; y < size.height; y++) {
      for (let x = 0; x < size.width; x++) {
        const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
        const along = ((x + 0.5 - from[0]) * dx + (y + 0.5 - from[1]) * dy) / (dx * dx + dy * dy);
        const t = Math.min(1, Math.max(0, along));
        const distance = Math.hypot(x + 0.5 - from[0] - t * dx, y + 0.5 - from[1] - t * dy);
        if (Math.abs(distance - radius) > 0.05)
          expect(stroke[y]![x], `${x}, ${y}`).toBe(distance < radius ? "#" : ".");
      }
    }
  });

  it("of what is no shape are refused in words", () => {
    expect(() => maskOf({ kind: "polygon", points: [[0, 0]] }, size)).toThrow(UserError);
    expect(() => maskOf({ kind: "brush", points: [], radius: 1 }, size)).toThrow(UserError);
  });
});

it("a centre is hit where it appears, unless it is behind the camera", () => {
  const camera = plainCamera(12, 8);
  const splats = pointScene([
    [0, 0, 2],
    [0, 0, -2],
    [0.1, 0, 2],
    [NaN, 0, 1],
    [50, 0, 1],
  ]);
  const hit = centreHit(splats, camera, maskOf({ kind: "rectangle", from: [6, 4], to: [6, 4] }, camera));
  expect([0, 1, 2, 3, 4].map(hit)).toEqual([true, false, false, false, false]);
});
