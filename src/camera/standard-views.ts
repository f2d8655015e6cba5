import type { Vec3 } from "./camera.ts";

/** A look at the scene along an axis, from where other tools have it. */
export interface StandardView {
  readonly id: "front" | "back" | "right" | "left" | "top" | "bottom";
  readonly label: string;
  /** Where the camera is, seen from the focus: a unit vector in a frame where up is +y and the front +z. */
  readonly from: Vec3;
  /** On the number pad, as Blender has it. It turns to the other side by 9, as browsers keep Ctrl+1 for tabs. */
  readonly key?: string;
}

export const STANDARD_VIEWS: readonly StandardView[] = [
  { id: "front", label: "Front", from: [0, 0, 1], key: "num1" },
  { id: "back", label: "Back", from: [0, 0, -1] },
  { id: "right", label: "Right", from: [1, 0, 0], key: "num3" },
  { id: "left", label: "Left", from: [-1, 0, 0] },
  { id: "top", label: "Top", from: [0, 1, 0], key: "num7" },
  { id: "bottom", label: "Bottom", from: [0, -1, 0] },
];
