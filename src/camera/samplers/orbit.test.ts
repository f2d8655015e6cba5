import { describe, expect, it, test } from "vitest";
import type { AnyValues } from "../../core/params.ts";
import { createRng } from "../../core/rng.ts";
import type { Camera, Vec3 } from "../camera.ts";
import { framingDistance } from "../intrinsics.ts";
import { orbitFrame } from "../orbit.ts";
import { cameraCenter } from "../pose.ts";
import { project } from "../project.ts";
import { direction, distance, dot, subtract } from "../vec3.ts";
import { viewSamplers } from "./index.ts";
import type { ViewContext } from "./sampler.ts";

const sampler = viewSamplers.get("orbit");
const context: ViewContext = {
  focus: { center: [1, 2, 3], radius: 0.7 },
  up: [0, -1, 0],
  width: 96,
  height: 64,
};
const views = (params: AnyValues = {}, count = 60, seed = "views", where = context): Camera[] => {
  const rng = createRng(seed);
  return Array.from({ length: count }, (_, i) => sampler.view(i, rng.fork(`${i}`), where, params));
};

const degrees = (radians: number): number => (radians * 180) / Math.PI;

/** Azimuth and elevation in degrees, and distance in framing distances, as seen from the focus. */
function place(view: Camera, { focus, up }: ViewContext) {
  const frame = orbitFrame(up);
  const eye = cameraCenter(view.worldToCamera);
  const toward = direction(subtract(eye, focus.center))!;
  return {
    azimuth: degrees(Math.atan2(dot(toward, frame.quarter), dot(toward, frame.zero))),
    elevation: degrees(Math.asin(dot(toward, frame.up))),
    distance: distance(eye, focus.center) / (focus.radius * framingDistance(view)),
  };
}

describe.each([[[0, -1, 0]], [[0, 0, 1]], [[0.3, 0.8, -0.5]]] as [Vec3][])("up %j", (up) => {
  const where = { ...context, up };

  it("stays within its ranges", () => {
    const params = { azimuth: 30, arc: 120, lowest: 10, highest: 40, nearest: 1.1, farthest: 1.5, drift: 0 };
    for (const view of views(params, 200, "a", where)) {
      const { azimuth, elevation, distance: away } = place(view, where);
      expect(azimuth).toBeGreaterThanOrEqual(-30 - 1e-6);
      expect(azimuth).toBeLessThanOrEqual(90 + 1e-6);
      expect(elevation).toBeGreaterThanOrEqual(10 - 1e-6);
      expect(elevation).toBeLessThanOrEqual(40 + 1e-6);
      expect(away).toBeGreaterThanOrEqual(1.1 - 1e-9);
      expect(away).toBeLessThanOrEqual(1.5 + 1e-9);
    }
  });

  it("keeps the focus in the picture and its up upwards", () => {
    for (const view of views({}, 60, "b", where)) {
      const middle = project(view, where.focus.center);
      expect(middle.depth).toBeGreaterThan(where.focus.radius);
      expect(Math.hypot(middle.x - 48, middle.y - 32)).toBeLessThan(0.15 * 64);
      const unit = direction(up)!;
      const above = project(view, where.focus.center.map((x, i) => x + 0.1 * unit[i]!) as unknown as Vec3);
      expect(above.y).toBeLessThan(middle.y);
      expect(view.near).toBeGreaterThan(0);
      expect(view.near).toBeLessThan(middle.depth - where.focus.radius);
    }
  });
});

it("surrounds the focus with few views already", () => {
  const azimuths = views({ drift: 0 }, 12)
    .map((view) => place(view, context).azimuth)
    .sort((a, b) => a - b);
  const gaps = azimuths.map((azimuth, i) => (azimuths[i + 1] ?? azimuths[0]! + 360) - azimuth);
  expect(Math.max(...gaps)).toBeLessThan(90);
});

it("uses its whole ranges", () => {
  const places = views({ drift: 0 }, 200).map((view) => place(view, context));
  const spread = (of: "elevation" | "distance") => {
    const values = places.map((each) => each[of]);
    return Math.max(...values) - Math.min(...values);
  };
  expect(spread("elevation")).toBeGreaterThan(0.9 * 30);
  expect(spread("distance")).toBeGreaterThan(0.9 * 0.4);
});

it("drifts with its look-at point", () => {
  const offsets = views({ drift: 0.5 }, 60).map((view) => {
    const middle = project(view, context.focus.center);
    return Math.hypot(middle.x - 48, middle.y - 32);
  });
  expect(Math.max(...offsets)).toBeGreaterThan(4);
  for (const view of views({ drift: 0 }, 5)) expect(project(view, context.focus.center).x).toBeCloseTo(48, 9);
});

test("the same seed gives the same views, another seed others", () => {
  expect(views()).toEqual(views());
  expect(views({}, 5, "other")).not.toEqual(views({}, 5));
});

test("limits in the wrong order are taken as meant", () => {
  const { elevation } = place(views({ lowest: 40, highest: 20, drift: 0 }, 1)[0]!, context);
  expect(elevation).toBeGreaterThan(20);
  expect(elevation).toBeLessThan(40);
});
