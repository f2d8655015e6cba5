import { createRng } from "../../core/rng.ts";
import { createSplats, shCoefficients, type ShDegree, type Splats } from "../attributes.ts";

/** Round splats of one size and of all colours around the origin. */
export function colouredCloud(count: number, size: number, shDegree: ShDegree = 0): Splats {
  const rng = createRng("cloud");
  const splats = createSplats(count, shDegree);
  const stride = 3 * shCoefficients(shDegree);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) {
      splats.means[3 * i + k] = 0.3 * rng.normal();
      splats.logScales[3 * i + k] = Math.log(size);
    }
    splats.quaternions[4 * i] = 1;
    splats.opacityLogits[i] = 2;
    for (let k = 0; k < 3; k++) splats.sh[stride * i + k] = rng.normal();
  }
  return splats;
}
