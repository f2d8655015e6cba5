import { UserError } from "../core/errors.ts";
import type { Tensor } from "../core/tensor.ts";

/**
 * Stops a run before numbers that are none reach the splats. Predictions overflow where a model in half precision is
 * pushed with too much guidance, and images where a scene has broken splats.
 */
export function assertFinite(what: string, { data }: Tensor): void {
  const bad = data.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (bad === 0) return;
  throw new UserError(
    `${bad} of the ${data.length} numbers of ${what} are not finite.`,
    "Lower the guidance weights, or run the model in full precision. The scene is as of the last good step.",
  );
}
