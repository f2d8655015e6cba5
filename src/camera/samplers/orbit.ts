import { resolveParams, slider } from "../../core/params.ts";
import { assert } from "../../core/assert.ts";
import type { Rng } from "../../core/rng.ts";
import type { Vec3 } from "../camera.ts";
import { framingDistance, pinhole } from "../intrinsics.ts";
import { orbitFrame, orbitPose } from "../orbit.ts";
import { add, scale } from "../vec3.ts";
import type { ViewSampler } from "./sampler.ts";

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

const params = {
  fov: slider({
    label: "Field of view",
    help: "Degrees, of the shorter side.",
    min: 10,
    max: 100,
    step: 1,
    default: 45,
  }),
  azimuth: slider({
    label: "Azimuth",
    help: "Degrees: the middle of the arc views come from.",
    min: -180,
    max: 180,
    step: 1,
    default: 0,
  }),
  arc: slider({
    label: "Arc",
    help: "Degrees of the arc; 360 is all around. Narrow it for scenes photographed from one side.",
    min: 0,
    max: 360,
    step: 1,
    default: 360,
  }),
  lowest: slider({
    label: "Lowest elevation",
    help: "Degrees above the horizon.",
    min: -89,
    max: 89,
    step: 1,
    default: 12,
  }),
  highest: slider({
    label: "Highest elevation",
    help: "Degrees above the horizon.",
    min: -89,
    max: 89,
    step: 1,
    default: 42,
  }),
  nearest: slider({
    label: "Nearest",
    help: "Distance: at 1 the focus just fits into the picture.",
    min: 0.2,
    max: 5,
    step: 0.05,
    default: 1,
  }),
  farthest: slider({
    label: "Farthest",
    help: "Distance: at 1 the focus just fits into the picture.",
    min: 0.2,
    max: 5,
    step: 0.05,
    default: 1.4,
  }),
  drift: slider({
    label: "Drift",
    help: "How far the picture's middle strays from the focus, in its radii.",
    min: 0,
    max: 1,
    step: 0.01,
    default: 0.1,
  }),
  near: slider({
    label: "Near plane",
    help: "Splats nearer than this share of the distance are not drawn: it clears floaters before the lens.",
    min: 0.001,
    max: 0.5,
    step: 0.001,
    default: 0.05,
  }),
};

/** Steps of the golden section never fall into a rhythm, so any number of consecutive views surrounds the focus. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** How far a view strays from its even place on the arc, in shares of the arc. */
const AZIMUTH_JITTER = 0.05;

/** Around the focus at all azimuths of an arc; elevation and distance are random within their limits. */
export const orbit: ViewSampler = {
  id: "orbit",
  label: "Orbit",
  params,
  view(index, rng, { focus, up, width, height }, values) {
    const p = resolveParams(params, values);
    assert(focus.radius > 0, `focus: got radius ${focus.radius}, expected a positive one`);
    const lens = pinhole(width, height, radians(p.fov));
    const distance = focus.radius * framingDistance(lens) * between(rng, p.nearest, p.farthest);
    const orbit = {
      azimuth: radians(p.azimuth + p.arc * (placeOnArc(index, rng) - 0.5)),
      elevation: Math.asin(between(rng, Math.sin(radians(p.lowest)), Math.sin(radians(p.highest)))),
      distance,
      target: drifted(focus.center, up, p.drift * focus.radius, rng),
    };
    return { ...lens, near: p.near * distance, worldToCamera: orbitPose(orbit, up) };
  },
};

/** In [0, 1]; jitter that leaves the arc comes back in at the other end. */
function placeOnArc(index: number, rng: Rng): number {
  const place = index * GOLDEN + rng.range(-AZIMUTH_JITTER, AZIMUTH_JITTER);
  return place - Math.floor(place);
}

/** Uniform between two limits given in either order. */
const between = (rng: Rng, a: number, b: number): number => rng.range(Math.min(a, b), Math.max(a, b));

/** A point in a level disc around the center, half as far up or down. */
function drifted(center: Vec3, up: Vec3, radius: number, rng: Rng): Vec3 {
  const frame = orbitFrame(up);
  const [angle, level] = [rng.range(0, 2 * Math.PI), radius * Math.sqrt(rng.uniform())];
  return [
    center,
    scale(frame.zero, level * Math.cos(angle)),
    scale(frame.quarter, level * Math.sin(angle)),
    scale(frame.up, 0.5 * radius * rng.range(-1, 1)),
  ].reduce(add);
}
