import type { Vec3 } from "../camera/camera.ts";
import type { Quaternion } from "../scene/transform.ts";
import type { ShownViews } from "./frustums.ts";
import type { Orbit } from "./orbit.ts";

/** Where a handle is, how it is turned, and how large. */
export interface Placement {
  readonly position: Vec3;
  readonly rotation: Quaternion; // (w, x, y, z)
  readonly scale: Vec3;
}

/** In which steps a gizmo moves what it holds. */
export interface Snap {
  /** Whether it does so by itself; Ctrl does the opposite while it is held. */
  readonly isOn: boolean;
  /** Scene units, radians, and a factor's difference from 1. */
  readonly steps: { readonly translate: number; readonly rotate: number; readonly scale: number };
}

export interface HandleRequest {
  /** What is drawn around the gizmo: a unit ball or unit cube that the placement moves and stretches. */
  readonly shape: "none" | "sphere" | "box";
  readonly placement: Placement;
  /** What the gizmo does; none of it only shows the shape. */
  readonly mode: "translate" | "rotate" | "scale" | undefined;
  readonly snap: Snap;
  onChange(placement: Placement): void;
  /** The pointer has let go. */
  onEnd(placement: Placement): void;
}

/** Gizmos and outlines over the splats. What draws them is loaded when first needed. */
export interface Handles {
  /** Shows a handle in place of the one before, or none. */
  show(request: HandleRequest | undefined): void;
  /** Shows these views in place of those before, or none. */
  showViews(views: ShownViews | undefined): void;
  /** To be called when the camera has moved. */
  draw(): void;
}

export function createHandles(element: HTMLElement, orbit: Orbit): Handles {
  let overlay: Promise<Handles> | undefined;
  let ready: Handles | undefined;
  const tell = (request: unknown, show: (handles: Handles) => void): void => {
    if (!request && !overlay) return;
    overlay ??= import("./handles-overlay.ts").then(
      ({ createHandlesOverlay }) => (ready = createHandlesOverlay(element, orbit)),
    );
    // Without WebGL there are no gizmos; every number can be typed as well.
    void overlay.then(show).catch(() => {});
  };
  return {
    show: (request) => tell(request, (handles) => handles.show(request)),
    showViews: (views) => tell(views, (handles) => handles.showViews(views)),
    draw: () => ready?.draw(),
  };
}
