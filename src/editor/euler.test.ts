import { expect, it } from "vitest";
import type { Vec3 } from "../camera/camera.ts";
import { transformPoint } from "../scene/transform.ts";
import { degreesOf, quaternionOf } from "./euler.ts";

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

it.each<{ degrees: Vec3 }>([
  { degrees: [0, 0, 0] },
  { degrees: [30, -50, 120] },
  { degrees: [-170, 89, 5] },
  { degrees: [0, 90, 40] },
  { degrees: [0, -90, -40] },
])("$degrees come back from their quaternion, whatever its sign and length", ({ degrees }) => {
  const quaternion = quaternionOf(degrees);
  for (const factor of [1, -3]) {
    const scaled = quaternion.map((value) => factor * value) as unknown as typeof quaternion;
    degreesOf(scaled).forEach((value, axis) => expect(value).toBeCloseTo(degrees[axis]!, 6));
  }
});

it("says a turn beyond the pole in another way, which is the same turn", () => {
  const [said, again] = [[20, 130, -10] as const, degreesOf(quaternionOf([20, 130, -10]))];
  expect(again[1]).toBeCloseTo(50, 6);
  turned(again, [1, 2, 3]).forEach((value, axis) =>
    expect(value).toBeCloseTo(turned(said, [1, 2, 3])[axis]!, 9),
  );
});
