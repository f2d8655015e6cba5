import { describe, expect, it } from "vitest";
import type { Vec3 } from "../../camera/camera.ts";
import { pinhole } from "../../camera/intrinsics.ts";
import { lookAt } from "../../camera/pose.ts";
import { direction, dot, scale, subtract } from "../../camera/vec3.ts";
import type { Splats } from "../../scene/attributes.ts";
import { liftViews } from "./lift.ts";
import { SURFACE } from "./world.ts";
import type { WorldView } from "./world.ts";

const SIZE = 64;
const CENTER: Vec3 = [0.1, 0.5, -0.2];
const RADIUS = 0.4;

/** A sphere whose colour depends on the viewing direction, above grey ground, under a blue sky. */
function view(eye: Vec3): WorldView {
  const camera = { ...pinhole(SIZE, SIZE, 0.9), near: 0.01, worldToCamera: lookAt(eye, CENTER, [0, 1, 0]) };
  const pixels = SIZE * SIZE;
  const out = {
    camera,
    eye,
    image: new Float32Array(3 * pixels),
    surface: new Uint8Array(pixels),
    position: new Float32Array(3 * pixels),
    normal: new Float32Array(3 * pixels),
  };
  for (let i = 0; i < pixels; i++) {
    const x = ((i % SIZE) + 0.5 - camera.cx) / camera.fx;
    const y = (Math.floor(i / SIZE) + 0.5 - camera.cy) / camera.fy;
    const w = camera.worldToCamera;
    const ray = direction([0, 1, 2].map((k) => x * w[k]! + y * w[4 + k]! + w[8 + k]!) as unknown as Vec3)!;
    const hit = trace(eye, ray);
    out.surface[i] = hit.surface;
    out.position.set(hit.position, 3 * i);
    out.normal.set(hit.normal, 3 * i);
    hit.color.forEach((value, c) => (out.image[c * pixels + i] = value / 255));
  }
  return out;
}

function trace(eye: Vec3, ray: Vec3) {
  const offset = subtract(eye, CENTER);
  const b = dot(offset, ray);
  const root = b * b - dot(offset, offset) + RADIUS * RADIUS;
  const at = (t: number): Vec3 => [0, 1, 2].map((k) => eye[k]! + t * ray[k]!) as unknown as Vec3;
  if (root > 0) {
    const position = at(-b - Math.sqrt(root));
    const normal = direction(subtract(position, CENTER))!;
    return { surface: SURFACE.object, position, normal, color: [128 + 60 * ray[0], 100 + 40 * ray[2], 50] };
  }
  if (ray[1] < -0.004) {
    return {
      surface: SURFACE.ground,
      position: at(-eye[1] / ray[1]),
      normal: [0, 1, 0],
      color: [90, 90, 90],
    };
  }
  return { surface: SURFACE.sky, position: at(200), normal: scale(ray, -1), color: [60, 120, 200] };
}

const eyes: Vec3[] = Array.from({ length: 48 }, (_, i) => {
  const azimuth = 2.4 * i;
  const level = i % 2 ? 1.9 : 1.5;
  return [level * Math.cos(azimuth), 0.4 + 0.033 * i, level * Math.sin(azimuth)];
});
const splats = liftViews(eyes.map(view));
const meanOf = ({ means }: Splats, i: number): Vec3 => [means[3 * i]!, means[3 * i + 1]!, means[3 * i + 2]!];
const indices = Array.from({ length: splats.count }, (_, i) => i);
const onSphere = indices.filter((i) => Math.hypot(...subtract(meanOf(splats, i), CENTER)) < 1.05 * RADIUS);

/** The axis that a quaternion turns z into. */
function normalOf({ quaternions }: Splats, i: number): Vec3 {
  const [w, x, y, z] = quaternions.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
  return [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)];
}

describe("lifting pictures to splats", () => {
  it("puts splats onto the surfaces", () => {
    expect(onSphere.length).toBeGreaterThan(500);
    for (const i of onSphere) {
      expect(Math.abs(Math.hypot(...subtract(meanOf(splats, i), CENTER)) - RADIUS)).toBeLessThan(0.01);
    }
    const rest = indices.filter((i) => !onSphere.includes(i)).map((i) => meanOf(splats, i));
    for (const mean of rest) expect(Math.abs(mean[1]) < 1e-4 || Math.hypot(...mean) > 150).toBe(true);
  });

  it("lays them flat along the surfaces, with unit quaternions", () => {
    for (const i of onSphere) {
      const outward = direction(subtract(meanOf(splats, i), CENTER))!;
      expect(dot(normalOf(splats, i), outward)).toBeGreaterThan(0.99);
      expect(Math.hypot(...splats.quaternions.subarray(4 * i, 4 * i + 4))).toBeCloseTo(1, 5);
      expect(splats.logScales[3 * i + 2]!).toBeLessThan(splats.logScales[3 * i]! - 1);
    }
  });

  it("fits their colours to what was seen from each direction", () => {
    const eye = eyes[3]!;
    const errors: number[] = [];
    for (const i of onSphere) {
      const ray = direction(subtract(meanOf(splats, i), eye))!;
      if (dot(normalOf(splats, i), ray) > -0.5) continue;
      const basis = [0.28209479, -0.48860251 * ray[1], 0.48860251 * ray[2], -0.48860251 * ray[0]];
      const channel = (c: number): number =>
        0.5 + basis.reduce((sum, value, k) => sum + value * splats.sh[12 * i + 3 * k + c]!, 0);
      errors.push(Math.abs(channel(0) - (128 + 60 * ray[0]) / 255));
      expect(Math.abs(channel(2) - 50 / 255)).toBeLessThan(0.02);
    }
    // Red varies by 0.24 either way; a colour that ignored the direction would be off by a good part of that.
    expect(errors.reduce((sum, error) => sum + error) / errors.length).toBeLessThan(0.02);
  });

  it("leaves no gaps on the ground between near cells", () => {
    const near = indices
      .map((i) => meanOf(splats, i))
      .filter((mean) => Math.abs(mean[1]) < 1e-4 && Math.hypot(mean[0], mean[2]) < 1.2);
    for (let k = 0; k < 40; k++) {
      const [x, z] = [0.7 + 0.4 * Math.cos(k), 0.5 * Math.sin(2 * k)];
      const nearest = Math.min(...near.map((mean) => Math.hypot(mean[0] - x, mean[2] - z)));
      expect(nearest).toBeLessThan(0.06);
    }
  });
});
