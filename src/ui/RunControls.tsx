import type { StepProgress } from "../edit/events.ts";
import type { RunState } from "../edit/run-loop.ts";
import type { Session } from "../editor/session.ts";
import type { SessionState } from "../editor/store.ts";
import { formatDuration, formatRate } from "./format.ts";
import { useSession, useSessionState } from "./session-context.ts";

interface Control {
  readonly label: string;
  readonly title?: string;
  readonly className?: string;
  readonly act: (session: Session) => void;
}

const CONTROLS = {
  edit: {
    label: "Edit",
    title: "Change the scene as the words say",
    className: "primary",
    act: (session) => void session.edit(),
  },
  pause: { label: "Pause", act: (session) => session.pause() },
  resume: { label: "Resume", className: "primary", act: (session) => session.resume() },
  stop: {
    label: "Stop & keep",
    title: "End the edit and keep what it has done",
    act: (session) => session.stop(),
  },
  cancel: {
    label: "Cancel",
    title: "End the edit and put everything back exactly as it was",
    className: "danger",
    act: (session) => session.cancel(),
  },
} as const satisfies Record<string, Control>;

/** What can be asked of a run in each state. */
const OFFERED: Readonly<Record<RunState, readonly (keyof typeof CONTROLS)[]>> = {
  ended: ["edit"],
  ready: ["pause", "stop", "cancel"],
  running: ["pause", "stop", "cancel"],
  paused: ["resume", "stop", "cancel"],
  stopping: ["cancel"],
  cancelling: [],
};

/** Starts, steers and shows a run. */
export function RunControls() {
  const session = useSession();
  const runState = useSessionState((state) => state.runState);
  const obstacle = useSessionState(obstacleTo);
  const offered = OFFERED[runState];
  return (
    <>
      <div className="buttons">
        {offered.map((id) => {
          const { label, act, ...rest }: Control = CONTROLS[id];
          const blocked = id === "edit" ? obstacle : undefined;
          return (
            <button
              key={id}
              type="button"
              {...rest}
              title={blocked ?? rest.title}
              disabled={blocked !== undefined}
              onClick={() => act(session)}
            >
              {label}
            </button>
          );
        })}
        {offered.length === 0 && (
          <button type="button" disabled>
            Putting everything back …
          </button>
        )}
      </div>
      {runState === "ended" && obstacle && <p className="note">{obstacle}</p>}
      <Progress />
    </>
  );
}

/** Why an edit cannot start now, in words. */
function obstacleTo({ machine, model, scene, busy, form }: SessionState): string | undefined {
  if (machine.status !== "ready") return "Needs a GPU.";
  if (!scene) return "Open a scene first.";
  if (model.status === "loading") return "The model is loading …";
  if (model.status === "failed") return "The model could not be loaded.";
  if (busy) return busy;
  if (!form.source.trim() || !form.target.trim()) return "Say what the scene shows and what it should show.";
  return undefined;
}

function Progress() {
  const progress = useSessionState((state) => state.progress);
  const runState = useSessionState((state) => state.runState);
  if (!progress && runState === "ended") return null;
  const { step, steps } = progress ?? { step: 0, steps: 1 };
  const percent = (100 * step) / Math.max(1, steps);
  return (
    <>
      <div
        className="progress"
        role="progressbar"
        aria-label="Edit"
        aria-valuemin={0}
        aria-valuemax={steps}
        aria-valuenow={step}
      >
        <div className="progress-fill" style={{ width: `${percent}%` }} />
      </div>
      <div className="figures">
        {progress ? (
          <>
            <span>
              step {step} of {steps}
            </span>
            <span>{formatRate(progress.iterationsPerSecond)}</span>
            <span>
              {runState === "ended" ? endOf(progress) : `${formatDuration(progress.secondsLeft)} left`}
            </span>
          </>
        ) : (
          <span>preparing …</span>
        )}
      </div>
    </>
  );
}

const endOf = ({ step, steps }: StepProgress): string => (step < steps ? "ended" : "done");
