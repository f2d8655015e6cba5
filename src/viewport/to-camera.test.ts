import { PerspectiveCamera, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import type { Camera } from "../camera/camera.ts";
import { toCamera } from "./to-camera.ts";

/** Pixel coordinates by our conventions alone. */
function project({ worldToCamera: m, fx, fy, cx, cy }: Camera, [x, y, z]: readonly [number, number, number]) {
  const row = (i: number): number => m[4 * i]! * x + m[4 * i + 1]! * y + m[4 * i + 2]! * z + m[4 * i + 3]!;
  const depth = row(2);
  return { u: (fx * row(0)) / depth + cx, v: (fy * row(1)) / depth + cy, depth };
}

describe("toCamera", () => {
  const three = new PerspectiveCamera(50, 640 / 360, 0.01, 1000);
  three.position.set(3, 2, 4);
  three.lookAt(0.5, 0.2, -0.3);

  it("puts world points on the same pixels as three's own projection", () => {
    const camera = toCamera(three, 640, 360);
    for (const point of [
      [0, 0, 0],
      [0.5, 0.2, -0.3],
      [1, -0.4, 0.8],
      [-2, 1, 0.1],
    ] as const) {
      const ndc = new Vector3(...point).project(three);
      const { u, v, depth } = project(camera, point);
      expect(u).toBeCloseTo(((ndc.x + 1) / 2) * 640, 6);
      expect(v).toBeCloseTo(((1 - ndc.y) / 2) * 360, 6);
      expect(depth).toBeGreaterThan(0);
    }
  });

  it("looks at its target through the middle of the picture, up being up", () => {
    const camera = toCamera(three, 640, 360);
    const { u, v, depth } = project(camera, [0.5, 0.2, -0.3]);
    expect([u, v]).toEqual([expect.closeTo(320, 6), expect.closeTo(180, 6)]);
    expect(depth).toBeCloseTo(three.position.distanceTo(new Vector3(0.5, 0.2, -0.3)), 6);
    expect(project(camera, [0.5, 0.3, -0.3]).v).toBeLessThan(v);
  });
});
