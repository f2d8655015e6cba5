import { assert } from "../core/assert.ts";
import type { Vec3 } from "./camera.ts";
import { lookAt, type Mat4 } from "./pose.ts";
import { add, AXES, cross, direction, dominantAxis, dot, scale, subtract } from "./vec3.ts";

/** A place on a sphere around a target; angles in radians. */
export interface Orbit {
  readonly target: Vec3;
  /** Around the up axis by the right-hand rule; for up = +y, 0 is +z and π/2 is +x. */
  readonly azimuth: number;
  /** Above the target's horizon; π/2 looks straight down. */
  readonly elevation: number;
  readonly distance: number;
}

/** Where the eye is. */
export function orbitEye({ target, azimuth, elevation, distance }: Orbit, up: Vec3): Vec3 {
  const frame = orbitFrame(up);
  const level = add(scale(frame.zero, Math.cos(azimuth)), scale(frame.quarter, Math.sin(azimuth)));
  const offset = add(scale(level, Math.cos(elevation)), scale(frame.up, Math.sin(elevation)));
  return add(target, scale(offset, distance));
}

/** World-to-camera of the eye on the orbit, looking at its target. */
export const orbitPose = (orbit: Orbit, up: Vec3): Mat4 => lookAt(orbitEye(orbit, up), orbit.target, up);

/** Orthonormal directions: up, azimuth 0 and azimuth π/2. */
export function orbitFrame(up: Vec3): { readonly up: Vec3; readonly zero: Vec3; readonly quarter: Vec3 } {
  const unit = direction(up);
  assert(unit, `up: got [${up.join(", ")}], expected a direction`);
  const reference = AXES[(dominantAxis(unit) + 1) % 3]!;
  const zero = direction(subtract(reference, scale(unit, dot(unit, reference))))!;
  return { up: unit, zero, quarter: cross(unit, zero) };
}
