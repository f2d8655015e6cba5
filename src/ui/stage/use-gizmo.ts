import { useEffect, useMemo, useState } from "react";
import type { Vec3 } from "../../camera/camera.ts";
import type { Similarity } from "../../scene/transform.ts";
import type { HandleRequest, Placement } from "../../viewport/handles.ts";
import { useSnap } from "./use-snap.ts";
import { useApp, usePageState, useSessionState } from "../session-context.ts";

const UNIT = { rotation: [1, 0, 0, 0], scale: [1, 1, 1] } as const;

/**
 * The gizmo that moves, turns or scales the selection, or everything where nothing is selected. What it does is shown
 * at once and made one change when the pointer lets go.
 */
export function useGizmo(): HandleRequest | undefined {
  const { session } = useApp();
  const mode = usePageState((state) => state.gizmo);
  const snap = useSnap();
  const document = useSessionState((state) => state.document);
  const [pivot, setPivot] = useState<Vec3>();
  const target = document && document.selected > 0 ? "selection" : "all";

  useEffect(() => {
    if (!mode || !document) return;
    let isCurrent = true;
    void pivotOf(session, target, document.focus.center).then((place) => isCurrent && setPivot(place));
    return () => {
      isCurrent = false;
    };
  }, [session, mode, document, target]);

  return useMemo(() => {
    if (!mode || !pivot) return undefined;
    return {
      shape: "none",
      placement: { position: pivot, ...UNIT },
      mode,
      snap,
      onChange: (placement) => session.previewTransform(target, similarity(placement, pivot)),
      onEnd: (placement) =>
        void session
          .command("transform.apply", { target, ...similarity(placement, pivot) })
          .then(() => setPivot([...placement.position])),
    };
  }, [session, mode, pivot, target, snap]);
}

function similarity({ position, rotation, scale }: Placement, pivot: Vec3): Similarity {
  const translation = position.map((value, axis) => value - pivot[axis]!) as unknown as Vec3;
  // Splats scale alike in all directions: whichever axis was pulled counts.
  const pulled = scale.find((value) => value !== 1) ?? 1;
  return { pivot, translation, rotation, scale: Math.max(1e-3, Math.abs(pulled)) };
}

/** The middle of what is selected, or of the scene. */
async function pivotOf(
  session: ReturnType<typeof useApp>["session"],
  target: string,
  fallback: Vec3,
): Promise<Vec3> {
  if (target === "all") return fallback;
  const ranges = await Promise.all(
    (["x", "y", "z"] as const).map((attribute) =>
      session.histogram({ attribute, bins: 1, selectedOnly: true }),
    ),
  );
  if (ranges.some((range) => !range || range.total === 0)) return fallback;
  return ranges.map((range) => (range!.min + range!.max) / 2) as unknown as Vec3;
}
