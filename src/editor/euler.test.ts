import { expect, it } from "vitest";
import type { Vec3 } from "../camera/camera.ts";
import { transformPoint } from "../scene/transform.ts";
import { quaternionOf } from "./euler.ts";

const turned = (degrees: Vec3, point: Vec3) =>
  transformPoint(
    { rotation: quaternionOf(degrees), scale: 1, translation: [0, 0, 0], pivot: [0, 0, 0] },
    point,
  );

it.each<{ degrees: Vec3; from: Vec3; to: Vec3 }>([
  { degrees: [90, 0, 0], from: [0, 1, 0], to: [0, 0, 1] },
  { degrees: [0, 90, 0], from: [0, 0, 1], to: [1, 0, 0] },
  { degrees: [0, 0, 90], from: [1, 0, 0], to: [0, 1, 0] },
  { degrees: [90, 90, 0], from: [0, 1, 0], to: [1, 0, 0] }, // x first: to z, which y takes to x
  { degrees: [0, 0, 0], from: [1, 2, 3], to: [1, 2, 3] },
])("turning by $degrees takes $from to $to", ({ degrees, from, to }) => {
  turned(degrees, from).forEach((value, axis) => expect(value).toBeCloseTo(to[axis]!, 9));
});
