import { Button } from "@mantine/core";
import { useState } from "react";
import type { Vec3 } from "../../camera/camera.ts";
import type { SceneInfo } from "../../worker/protocol.ts";
import { CommandChip } from "../CommandChip.tsx";
import { UpAxes } from "../scene/UpAxes.tsx";
import { useSessionState } from "../session-context.ts";
import classes from "./Notice.module.css";

/** Below this a scene counts as standing straight; the cosine of 3 degrees. */
const STRAIGHT = Math.cos((3 * Math.PI) / 180);

const isUpright = (up: Vec3): boolean => up[1] / Math.hypot(...up) > STRAIGHT;

/** Offers to turn a file that other viewers would show lying or upside down. */
export function OrientationHint() {
  const scene = useSessionState((state) => state.scene);
  const isFile = useSessionState((state) => state.demo === undefined);
  const up = useSessionState((state) => state.document?.up);
  const [left, setLeft] = useState<SceneInfo>();
  if (!scene || !isFile || !up || isUpright(up) || left === scene) return null;
  return (
    <aside
      className={`${classes["notice"]} ${classes["hint"]}`}
      aria-label="Orientation of the scene"
      data-overlay
    >
      <p>Which way is up?</p>
      <UpAxes />
      <p>Most viewers want +y.</p>
      <CommandChip id="transform.orient" label="Turn up to +y" />
      <Button size="compact-xs" variant="subtle" onClick={() => setLeft(scene)}>
        Leave it
      </Button>
    </aside>
  );
}
