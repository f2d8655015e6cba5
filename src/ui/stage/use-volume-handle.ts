import { useEffect, useMemo } from "react";
import { LEAST_SIZE, moveVolume, volumeAround, type Volume } from "../../editor/volume.ts";
import type { HandleRequest, Placement } from "../../viewport/handles.ts";
import { useSnap } from "./use-snap.ts";
import { useApp, usePageState, useSessionState } from "../session-context.ts";

/** The handle of the volume while a volume tool is in hand. A ball stays round. */
export function useVolumeHandle(): HandleRequest | undefined {
  const { page, session } = useApp();
  const tool = usePageState((state) => state.tool);
  const volume = usePageState((state) => state.volume);
  const gizmo = usePageState((state) => state.gizmo);
  const snap = useSnap();
  const focus = useSessionState((state) => state.document?.focus);
  const kind = tool === "sphere" || tool === "box" ? tool : undefined;

  useEffect(() => {
    if (kind && !volume && focus) page.setState({ volume: volumeAround(focus) });
  }, [kind, volume, focus, page]);

  return useMemo(() => {
    if (!kind || !volume) return undefined;
    const change = (placement: Placement): void =>
      moveVolume({ page, session }, kind, volumeOf(kind, placement, volume));
    const { center, size, rotation } = volume;
    return {
      shape: kind,
      placement: {
        position: center,
        rotation,
        scale: kind === "sphere" ? [size[0], size[0], size[0]] : size,
      },
      mode: kind === "sphere" && gizmo === "rotate" ? "translate" : (gizmo ?? "translate"),
      snap,
      onChange: change,
      onEnd: change,
    };
  }, [kind, volume, gizmo, snap, page, session]);
}

function volumeOf(kind: "sphere" | "box", { position, rotation, scale }: Placement, before: Volume): Volume {
  // Pulled through its middle, an edge would be below 0.
  const edge = (length: number): number => Math.max(LEAST_SIZE, Math.abs(length));
  if (kind === "box")
    return { center: position, rotation, size: [edge(scale[0]), edge(scale[1]), edge(scale[2])] };
  // Whichever axis was pulled is the diameter.
  const diameter = edge(scale.find((value) => value !== before.size[0]) ?? scale[0]);
  return { center: position, rotation: before.rotation, size: [diameter, diameter, diameter] };
}
