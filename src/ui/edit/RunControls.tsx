import { Button } from "@mantine/core";
import {
  IconArrowBackUp,
  IconDice5,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconSparkles,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { RunState } from "../../edit/run-loop.ts";
import { memoryWarning } from "../../editor/memory-warning.ts";
import { obstacleTo } from "../../editor/obstacle.ts";
import { isLastRunInEffect } from "../../editor/runs.ts";
import { useSessionState } from "../session-context.ts";
import { useCommand } from "../use-commands.ts";
import classes from "./Edit.module.css";

interface Control {
  /** Of the command behind it. */
  readonly id: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly look?: "primary" | "danger";
}

const icon = { size: 16, stroke: 1.8, "aria-hidden": true } as const;
const CONTROLS = {
  edit: { id: "run.start", label: "Edit", icon: <IconSparkles {...icon} />, look: "primary" },
  pause: { id: "run.pause", label: "Pause", icon: <IconPlayerPause {...icon} /> },
  resume: { id: "run.pause", label: "Resume", icon: <IconPlayerPlay {...icon} />, look: "primary" },
  stop: { id: "run.stop", label: "Stop & keep", icon: <IconPlayerStop {...icon} /> },
  cancel: { id: "run.cancel", label: "Cancel", icon: <IconArrowBackUp {...icon} />, look: "danger" },
  again: { id: "run.next-seed", label: "Another seed", icon: <IconDice5 {...icon} /> },
} as const satisfies Record<string, Control>;

/** What can be asked of a run in each state, row by row. */
const OFFERED: Readonly<Record<RunState, readonly (readonly (keyof typeof CONTROLS)[])[]>> = {
  ended: [["edit"]],
  ready: [
    ["pause", "stop"],
    ["cancel", "again"],
  ],
  running: [
    ["pause", "stop"],
    ["cancel", "again"],
  ],
  paused: [
    ["resume", "stop"],
    ["cancel", "again"],
  ],
  stopping: [["cancel"]],
  cancelling: [],
};
const AFTER_A_RUN: (typeof OFFERED)["ended"] = [["edit"], ["again"]];

/** Starts and steers a run. */
export function RunControls() {
  const runState = useSessionState((state) => state.runState);
  const note = useSessionState((state) => obstacleTo(state) ?? memoryWarning(state));
  const canRepeat = useSessionState(isLastRunInEffect);
  const rows = runState === "ended" && canRepeat ? AFTER_A_RUN : OFFERED[runState];
  return (
    <div className={classes["foot"]}>
      {rows.map((row, i) => (
        <div key={i} className={`${classes["buttons"]} ${i > 0 ? classes["second"] : ""}`}>
          {row.map((name) => (
            <ControlButton key={name} {...CONTROLS[name]} />
          ))}
        </div>
      ))}
      {rows.length === 0 && (
        <Button fullWidth variant="default" disabled>
          Putting everything back …
        </Button>
      )}
      {runState === "ended" && note && <p className={classes["note"]}>{note}</p>}
    </div>
  );
}

function ControlButton({ id, label, icon: picture, look }: Control) {
  const { command, isEnabled, run } = useCommand(id)!;
  return (
    <Button
      variant={look === "primary" ? "filled" : "default"}
      {...(look === "danger" && { c: "var(--danger)" })}
      size="sm"
      px={10}
      leftSection={picture}
      title={command.help ?? command.title}
      disabled={!isEnabled}
      onClick={run}
    >
      {label}
    </Button>
  );
}
