import type { Rng } from "../../core/rng.ts";
import type { WorldOrbit } from "./world.ts";

/** Middle of an object of about unit height that stands on the origin. */
const MIDDLE = 0.42;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Views as somebody circling the object has them: all azimuths, elevations from almost level to steep, near and far.
 * Consecutive azimuths are a golden section of the circle apart, so any number of them surrounds the object.
 */
export function orbitsAround(count: number, rng: Rng): WorldOrbit[] {
  const start = rng.uniform();
  return Array.from({ length: count }, (_, i) => ({
    azimuth: 2 * Math.PI * ((start + i * GOLDEN + rng.range(-0.03, 0.03)) % 1),
    // Half of them low: that is where ground and object are seen at a slant, and where holes would show.
    elevation: i % 2 ? rng.range(0.08, 0.45) : rng.range(0.35, 1.25),
    distance: rng.range(1.7, 3.3),
    fov: rng.range(38, 52),
    target: [rng.range(-0.1, 0.1), MIDDLE + rng.range(-0.1, 0.12), rng.range(-0.1, 0.1)],
  }));
}

/** Views of what those leave out: the sky up to the zenith, and the ground far around. */
export function orbitsOfTheRest(count: number, rng: Rng): WorldOrbit[] {
  return Array.from({ length: count }, (_, i) => ({
    azimuth: (2 * Math.PI * (i + rng.uniform())) / count,
    elevation: i % 3 === 0 ? rng.range(-1.2, -0.5) : rng.range(-0.3, 0.5),
    distance: 2,
    fov: 80,
    // Looking past the object: the eye is on the far side of a target outside of the scene.
    target: [0, i % 3 === 0 ? 2.6 : 1.4, 0],
  }));
}
