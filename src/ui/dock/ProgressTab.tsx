import { useMemo } from "react";
import type { StepProgress } from "../../edit/events.ts";
import { isRunning } from "../../editor/store.ts";
import { seriesOf } from "../../editor/trace.ts";
import { formatDuration, formatRate } from "../format.ts";
import { useSessionState } from "../session-context.ts";
import classes from "./Dock.module.css";
import { Pictures } from "./Pictures.tsx";
import { Plot } from "./Plot.tsx";

/** How the run goes: figures, the course of every term, and what the model has seen last. */
export function ProgressTab() {
  const hasRun = useSessionState((state) => state.progress !== undefined || isRunning(state));
  return (
    <>
      {!hasRun && (
        <p className={classes["empty"]}>
          Say what the scene should show, press <strong>Edit</strong>, and watch it change. Progress and the
          course of every term appear here.
        </p>
      )}
      <div className={classes["progress"]} hidden={!hasRun}>
        <div className={classes["course"]}>
          {hasRun && <Progress />}
          <Plots />
        </div>
        <Pictures />
      </div>
    </>
  );
}

function Progress() {
  const progress = useSessionState((state) => state.progress);
  const { step, steps } = progress ?? { step: 0, steps: 1 };
  const percent = (100 * step) / Math.max(1, steps);
  return (
    <>
      <div
        className={classes["bar"]}
        role="progressbar"
        aria-label="Edit"
        aria-valuemin={0}
        aria-valuemax={steps}
        aria-valuenow={step}
      >
        <div className={classes["fill"]} style={{ width: `${percent}%` }} />
      </div>
      <Figures progress={progress} />
    </>
  );
}

function Figures({ progress }: { readonly progress: StepProgress | undefined }) {
  const runState = useSessionState((state) => state.runState);
  if (!progress) return <div className={classes["figures"]}>preparing …</div>;
  const { step, steps, t, iterationsPerSecond, secondsLeft } = progress;
  const end = step < steps ? "ended" : "done";
  const left = runState === "paused" ? "paused" : `${formatDuration(secondsLeft)} left`;
  return (
    <div className={classes["figures"]}>
      <span>
        step <strong>{step}</strong> of {steps}
      </span>
      <span title="Timestep of the diffusion model: how much noise the last view was given">t = {t}</span>
      <span>{formatRate(iterationsPerSecond)}</span>
      <strong>{runState === "ended" ? end : left}</strong>
    </div>
  );
}

function Plots() {
  const trace = useSessionState((state) => state.trace);
  const steps = useSessionState((state) => state.progress?.steps ?? 1);
  const series = useMemo(() => seriesOf(trace), [trace]);
  if (trace.points.length === 0) return null;
  return (
    <div className={classes["plots"]}>
      {series.map(({ name, points }) => (
        <Plot key={name} name={name} points={points} marks={trace.marks} end={steps} />
      ))}
    </div>
  );
}
