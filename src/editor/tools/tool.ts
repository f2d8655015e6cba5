/** Drawing on the picture to select, as state machines: no DOM, no engine; positions are in CSS pixels. */
import type { Pixel, ScreenShape } from "../../document/screen.ts";
import type { SelectMode } from "../../document/select.ts";

/** What is held while drawing. */
export interface Modifiers {
  readonly shift: boolean;
  readonly ctrl: boolean;
}

export type ToolEvent =
  | { readonly kind: "down" | "move" | "up"; readonly at: Pixel }
  | { readonly kind: "double"; readonly at: Pixel }
  /** Enter, Backspace and Escape; and a press that was the beginning of something else. */
  | { readonly kind: "finish" | "back" | "cancel" | "abort" };

export interface ToolOptions {
  /** Of the brush, CSS pixels. */
  readonly radius: number;
}

/** What has been drawn so far; undefined between two shapes. */
export type Drawing = readonly Pixel[] | undefined;

export interface ToolStep {
  readonly drawing: Drawing;
  /** A shape that is done. */
  readonly shape?: ScreenShape;
}

/** Draws shapes in the picture. */
export interface DrawingTool {
  readonly id: ToolId;
  step(drawing: Drawing, event: ToolEvent, options: ToolOptions): ToolStep;
  /** What is to be seen of a drawing. */
  preview(drawing: readonly Pixel[], options: ToolOptions): ScreenShape;
}

export type DrawingToolId = "rectangle" | "lasso" | "polygon" | "brush";
/** Tools that act on the one place that is clicked. */
export type PointToolId = "eyedropper" | "flood";
export type VolumeToolId = "sphere" | "box";
export type ToolId = DrawingToolId | PointToolId | VolumeToolId;

export const modifiersOf = ({
  shiftKey,
  ctrlKey,
}: {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
}): Modifiers => ({ shift: shiftKey, ctrl: ctrlKey });

/** Shift adds, Ctrl removes, both keep what is in both; without them it is as `chosen`. */
export function modeOf({ shift, ctrl }: Modifiers, chosen: SelectMode): SelectMode {
  if (shift && ctrl) return "intersect";
  if (shift) return "add";
  return ctrl ? "remove" : chosen;
}

interface ModeBadge {
  /** On the cursor. */
  readonly sign: string;
  readonly label: string;
  /** What is held for it. */
  readonly keys?: string;
}

export const MODE_BADGES: Readonly<Record<SelectMode, ModeBadge>> = {
  set: { sign: "", label: "Set" },
  add: { sign: "+", label: "Add", keys: "Shift" },
  remove: { sign: "−", label: "Remove", keys: "Ctrl" },
  intersect: { sign: "×", label: "Intersect", keys: "Shift+Ctrl" },
};
