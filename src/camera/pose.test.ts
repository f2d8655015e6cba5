import { describe, expect, it, test } from "vitest";
import { createRng } from "../core/rng.ts";
import type { Camera, Vec3 } from "./camera.ts";
import { cameraExtent } from "./extent.ts";
import { framingDistance, pinhole, resized } from "./intrinsics.ts";
import { orbitEye, orbitFrame, orbitPose } from "./orbit.ts";
import { cameraCenter, carriedAround, lookAt, toCameraSpace, toWorldSpace } from "./pose.ts";
import { project, unproject, type Projected } from "./project.ts";
import { add, cross, distance, dot, scale } from "./vec3.ts";

const rng = createRng("pose test");
const randomPoint = (size: number): Vec3 => [rng.normal() * size, rng.normal() * size, rng.normal() * size];

function expectPoint(actual: Vec3, expected: Vec3, digits = 10): void {
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, digits));
}

function expectPlace(actual: Projected, expected: Projected): void {
  expectPoint([actual.x, actual.y, actual.depth], [expected.x, expected.y, expected.depth]);
}

function camera(eye: Vec3, target: Vec3, up: Vec3, width = 4, height = 4): Camera {
  return { ...pinhole(width, height, Math.PI / 2), near: 0.01, worldToCamera: lookAt(eye, target, up) };
}

test("carried around a point, the eye keeps its distance and height and looks as before", () => {
  const [center, up, eye] = [
    [1, 2, 3],
    [0, 1, 0],
    [4, 3, 7],
  ] as const;
  const before = lookAt(eye, center, up);
  const after = carriedAround(before, center, up, Math.PI / 2);
  // A quarter turn of the scene about +y takes +z to +x; the eye goes the other way.
  expectPoint(cameraCenter(after), [1 - 4, 3, 3 + 3]);
  expectPoint(toCameraSpace(after, center), toCameraSpace(before, center));
  expect(carriedAround(before, center, up, 2 * Math.PI)).toEqual(
    before.map((value) => expect.closeTo(value, 10) as number),
  );
});

describe("handedness, on a picture of 4 × 4 pixels with focal length 2", () => {
  // The eye stands at +z and looks at the origin, +y upwards: the world's x is to the right.
  const view = camera([0, 0, 5], [0, 0, 0], [0, 1, 0]);

  test("the target is in the middle, at its distance", () => {
    expectPlace(project(view, [0, 0, 0]), { x: 2, y: 2, depth: 5 });
  });

  test("x to the right, y upwards in the world is up in the picture, nearer is less deep", () => {
    expectPlace(project(view, [2.5, 0, 0]), { x: 3, y: 2, depth: 5 });
    expectPlace(project(view, [0, 2.5, 0]), { x: 2, y: 1, depth: 5 });
    expectPlace(project(view, [0, 0, 1]), { x: 2, y: 2, depth: 4 });
  });

  test("a pixel's centre lies at +0.5", () => {
    expectPoint(unproject(view, { x: 0.5, y: 0.5, depth: 2 }), [-1.5, 1.5, 3]);
  });

  test("a scene whose up is −y stands upright", () => {
    const inria = camera([0, 0, -5], [0, 0, 0], [0, -1, 0]);
    expectPlace(project(inria, [0, 0, 0]), { x: 2, y: 2, depth: 5 });
    expectPlace(project(inria, [2.5, -2.5, 0]), { x: 3, y: 1, depth: 5 });
  });
});

test("unproject undoes project", () => {
  for (let i = 0; i < 100; i++) {
    const view = camera(randomPoint(4), randomPoint(1), randomPoint(1), 97, 61);
    const point = randomPoint(3);
    expectPoint(unproject(view, project(view, point)), point, 8);
    const place = { x: rng.range(0, 97), y: rng.range(0, 61), depth: rng.range(0.1, 9) };
    const back = project(view, unproject(view, place));
    expectPoint([back.x, back.y, back.depth], [place.x, place.y, place.depth], 8);
  }
});

test("poses are rigid: right-handed, orthonormal, and invertible", () => {
  for (let i = 0; i < 100; i++) {
    const eye = randomPoint(4);
    const m = lookAt(eye, randomPoint(1), randomPoint(1));
    const rows = [0, 1, 2].map((r) => m.slice(4 * r, 4 * r + 3) as unknown as Vec3) as [Vec3, Vec3, Vec3];
    rows.forEach((a, r) => rows.forEach((b, c) => expect(dot(a, b)).toBeCloseTo(r === c ? 1 : 0, 12)));
    expectPoint(cross(rows[0], rows[1]), rows[2], 12);
    expectPoint(cameraCenter(m), eye);
    const point = randomPoint(2);
    expectPoint(toWorldSpace(m, toCameraSpace(m, point)), point);
  }
});

describe("lookAt", () => {
  it("looks straight down without losing its footing", () => {
    const view = camera([0, 7, 0], [0, 0, 0], [0, 1, 0]);
    expect(view.worldToCamera.every(Number.isFinite)).toBe(true);
    expectPlace(project(view, [0, 0, 0]), { x: 2, y: 2, depth: 7 });
  });

  it("refuses an eye on its target", () => {
    expect(() => lookAt([1, 2, 3], [1, 2, 3], [0, 1, 0])).toThrow(/coincide/);
  });
});

describe("orbit", () => {
  const at = { target: [1, 2, 3] as Vec3, distance: 2 };
  const Y: Vec3 = [0, 1, 0];

  test("azimuth 0 is +z and π/2 is +x when +y is up; elevation rises along up", () => {
    expectPoint(orbitEye({ ...at, azimuth: 0, elevation: 0 }, Y), [1, 2, 5]);
    expectPoint(orbitEye({ ...at, azimuth: Math.PI / 2, elevation: 0 }, Y), [3, 2, 3]);
    expectPoint(orbitEye({ ...at, azimuth: 0.3, elevation: Math.PI / 2 }, Y), [1, 4, 3]);
    expectPoint(orbitEye({ ...at, azimuth: 0, elevation: Math.PI / 6 }, [0, -3, 0]), [
      1,
      1,
      3 + Math.sqrt(3),
    ]);
  });

  test.each([[[0, 0, 1]], [[1, 0, 0]], [[0, -1, 0]], [[0.2, -0.9, 0.4]]] as [Vec3][])(
    "up %j: its frame is right-handed, its target in the middle of the picture, its up upwards",
    (up) => {
      const frame = orbitFrame(up);
      expectPoint(cross(frame.up, frame.zero), frame.quarter, 12);
      for (const azimuth of [0, 1, 2.5, 5]) {
        const orbit = { ...at, azimuth, elevation: 0.4 };
        const view = { ...pinhole(64, 64, 1), near: 0.01, worldToCamera: orbitPose(orbit, up) };
        expectPoint(unproject(view, { x: 32, y: 32, depth: 2 }), at.target);
        const above = project(view, add(at.target, scale(frame.up, 0.1)));
        expect(above.x).toBeCloseTo(32, 8);
        expect(above.y).toBeLessThan(32);
        expect(distance(cameraCenter(view.worldToCamera), at.target)).toBeCloseTo(2, 12);
      }
    },
  );
});

describe("intrinsics", () => {
  test("the field of view is the shorter side's", () => {
    const { fx, fy, cx, cy } = pinhole(200, 100, Math.PI / 2);
    expectPoint([fx, fy, cx], [50, 50, 100]);
    expect(cy).toBe(50);
  });

  test("a resized camera sees the same directions", () => {
    const view = camera([0, 0, 5], [0, 0, 0], [0, 1, 0], 128, 96);
    const small = resized(view, 32, 24);
    const [full, reduced] = [project(view, [0.7, 0.4, 1]), project(small, [0.7, 0.4, 1])];
    expectPlace(reduced, { x: full.x / 4, y: full.y / 4, depth: full.depth });
  });

  test("at the framing distance a sphere touches the border", () => {
    const lens = pinhole(100, 60, 0.8);
    const d = framingDistance(lens);
    // The tangent ray to the sphere leaves at asin(1/d).
    expect(lens.fy * Math.tan(Math.asin(1 / d))).toBeCloseTo(30, 10);
  });
});

test("the extent of cameras on a circle is 1.1 times its radius", () => {
  const poses = [0, 1, 2, 3].map((i) =>
    orbitPose({ target: [5, 0, 0], azimuth: (i * Math.PI) / 2, elevation: 0, distance: 3 }, [0, 1, 0]),
  );
  expect(cameraExtent(poses, [9, 9, 9])).toBeCloseTo(3.3, 12);
  expect(cameraExtent(poses.slice(0, 1), [5, 0, 0]), "of one, from what it looks at").toBeCloseTo(3.3, 12);
});
