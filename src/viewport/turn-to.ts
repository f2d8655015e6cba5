import { Spherical, Vector3 } from "three";
import type { Vec3 } from "../camera/camera.ts";

/** Where a camera is, seen from its focus, in a frame where up is +y: around it from +z to +x, and down from it. */
export interface Angles {
  readonly azimuth: number; // rad
  readonly polar: number; // rad
}

/** Of a direction. Straight above and below, the picture's lower edge is the front. */
export function anglesOf(from: Vec3): Angles {
  const { theta, phi } = new Spherical().setFromVector3(new Vector3(...from));
  return { azimuth: theta, polar: phi };
}

/** The other side of the focus. */
export const opposite = ({ azimuth, polar }: Angles): Angles => ({
  azimuth: azimuth + Math.PI,
  polar: Math.PI - polar,
});

/** Between two, the shorter way around; `share` from 0 to 1. */
export function between(a: Angles, b: Angles, share: number): Angles {
  const turn = b.azimuth - a.azimuth;
  const shortest = turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
  return { azimuth: a.azimuth + share * shortest, polar: a.polar + share * (b.polar - a.polar) };
}

const DURATION = 300; // ms

/** Goes there in a moment, slowly at both ends; at once for those who want no motion. Returns what ends it early. */
export function turnTo(from: Angles, to: Angles, apply: (now: Angles) => void): () => void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    apply(to);
    return () => {};
  }
  let frame = 0;
  let start: number | undefined;
  const step = (time: number): void => {
    start ??= time;
    const share = Math.min(1, (time - start) / DURATION);
    apply(between(from, to, share * share * (3 - 2 * share)));
    if (share < 1) frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
  return () => cancelAnimationFrame(frame);
}
