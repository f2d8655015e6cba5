import type { Pixel, ScreenShape } from "../../document/screen.ts";

/** A shape in another pixel grid, `ratio` times as fine. */
export function scaledShape(shape: ScreenShape, ratio: number): ScreenShape {
  const scaled = ([x, y]: Pixel): Pixel => [x * ratio, y * ratio];
  switch (shape.kind) {
    case "rectangle":
      return { kind: "rectangle", from: scaled(shape.from), to: scaled(shape.to) };
    case "polygon":
      return { kind: "polygon", points: shape.points.map(scaled) };
    case "brush":
      return { kind: "brush", points: shape.points.map(scaled), radius: shape.radius * ratio };
  }
}
