import type { Vec3 } from "../camera/camera.ts";
import type { AnyFields } from "../core/params.ts";
import { isSame } from "../core/same.ts";
import type { Sphere } from "../scene/bounds.ts";
import { isTurn } from "../scene/transform.ts";
import type { TurnedBox } from "../scene/turned-box.ts";
import type { EditRegion } from "../worker/protocol.ts";
import type { CommandContext } from "./commands/command.ts";
import type { VolumeToolId } from "./tools/tool.ts";

/** A ball or box in the scene, to select with, crop to, or confine an edit to. For the ball, the first of the sizes is the diameter. */
export type Volume = TurnedBox;

/** Of an edge or radius. */
export const LEAST_SIZE = 1e-4;

export const volumeAround = ({ center, radius }: Sphere): Volume => ({
  center,
  size: [2 * radius, 2 * radius, 2 * radius],
  rotation: [1, 0, 0, 0],
});

/** As `select.sphere`, `select.box`, `crop.sphere` and `crop.box` take it. */
export function volumeFields(kind: VolumeToolId, { center, size, rotation }: Volume): AnyFields {
  return kind === "sphere" ? { center, radius: size[0] / 2 } : { center, size, rotation };
}

/** As a region of an edit. */
export function volumeRegion(kind: VolumeToolId, { center, size, rotation }: Volume): EditRegion {
  if (kind === "sphere") return { kind: "sphere", center, radius: size[0] / 2 };
  const corner = (sign: number): Vec3 =>
    [0, 1, 2].map((axis) => center[axis]! + (sign * size[axis]!) / 2) as unknown as Vec3;
  return { kind: "box", min: corner(-1), max: corner(1), ...(isTurn(rotation) && { rotation }) };
}

/** Puts the volume there. The region of the next edit goes along with it, if it was this volume. */
export function moveVolume(
  { page, session }: Pick<CommandContext, "page" | "session">,
  kind: VolumeToolId,
  volume: Volume,
): void {
  const before = page.getState().volume;
  page.setState({ volume });
  const region = volumeRegion(kind, volume);
  const isRegion = before && isSame(session.store.getState().form.region, volumeRegion(kind, before));
  if (isRegion) session.fill({ region });
}
