import type { Vec3 } from "../camera/camera.ts";
import type { EngineClient } from "../worker/client.ts";
import type { Focus } from "./orbit.ts";

/** A ball around what is selected; undefined if that is nothing. */
export async function selectionFocus(engine: EngineClient): Promise<Focus | undefined> {
  const ranges = await Promise.all(
    (["x", "y", "z"] as const).map((attribute) =>
      engine.call("histogram", { attribute, bins: 1, selectedOnly: true }),
    ),
  );
  if (ranges.some(({ total }) => total === 0)) return undefined;
  const center = ranges.map(({ min, max }) => (min + max) / 2) as unknown as Vec3;
  const radius = Math.hypot(...ranges.map(({ min, max }) => (max - min) / 2));
  return { center, radius: Math.max(radius, 1e-4) };
}
