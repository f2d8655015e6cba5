import { useMemo } from "react";
import { roundStep } from "../../editor/round-step.ts";
import type { Snap } from "../../viewport/handles.ts";
import { usePageState, useSessionState } from "../session-context.ts";

const DEGREE = Math.PI / 180;
/** Of the scene's radius; near enough to feel free, far enough to come back to the same place. */
const STEP_SHARE = 1 / 20;

/** In which steps gizmos move things here: the scene's size decides. */
export function useSnap(): Snap {
  const isOn = usePageState((state) => state.snaps);
  const radius = useSessionState((state) => state.document?.focus.radius ?? 1);
  return useMemo(
    () => ({ isOn, steps: { translate: roundStep(radius * STEP_SHARE), rotate: 15 * DEGREE, scale: 0.1 } }),
    [isOn, radius],
  );
}
