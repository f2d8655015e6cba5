import type { Series, TraceMark } from "../../editor/trace.ts";
import classes from "./Dock.module.css";

const [WIDTH, HEIGHT] = [100, 40];

/** The course of one norm over a run. Dashed lines are where the user changed something. */
export function Plot({
  name,
  points,
  marks,
  end,
}: Series & {
  readonly marks: readonly TraceMark[];
  /** The run's last step. */
  readonly end: number;
}) {
  const last = points.at(-1)?.value ?? 0;
  const top = Math.max(...points.map(({ value }) => value), 1e-30);
  const x = (step: number): number => (WIDTH * (step - 1)) / Math.max(1, end - 1);
  const path = points.map(
    ({ step, value }) => `${x(step).toFixed(2)},${(HEIGHT * (1 - (0.92 * value) / top)).toFixed(2)}`,
  );
  return (
    <div className={classes["plot"]}>
      <div className={classes["plotHead"]}>
        <span title={name}>{name}</span>
        <strong>{digits(last)}</strong>
      </div>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Norm of ${name}: ${digits(last)} now, ${digits(top)} at most`}
      >
        {marks.map(({ step, text }, i) => (
          <line key={i} className={classes["mark"]} x1={x(step)} x2={x(step)} y1={0} y2={HEIGHT}>
            <title>
              step {step}: {text}
            </title>
          </line>
        ))}
        <polyline className={classes["line"]} points={path.join(" ")} />
      </svg>
    </div>
  );
}

const digits = (value: number): string => (value === 0 ? "0" : value.toPrecision(3));
