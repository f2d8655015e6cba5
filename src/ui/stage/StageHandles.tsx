import { useEffect } from "react";
import { useGizmo } from "./use-gizmo.ts";
import { useVolumeHandle } from "./use-volume-handle.ts";
import type { Viewport } from "../../viewport/viewport.ts";

/** What can be taken by hand in the scene: the volume of a volume tool, or a gizmo for the selection. */
export function StageHandles({ viewport }: { readonly viewport: Viewport }) {
  const volume = useVolumeHandle();
  const gizmo = useGizmo();
  const request = volume ?? gizmo;
  useEffect(() => viewport.handles.show(request), [viewport, request]);
  return null;
}
