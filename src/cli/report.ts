import type { JobResult, StepProgress } from "../edit/events.ts";
import type { EditSettings } from "../edit/settings.ts";
import type { FreeU } from "../onnx/passes/free-u.ts";

export interface RunFacts {
  readonly input: string;
  readonly output: string;
  readonly model: string;
  readonly provider: string;
  readonly freeU?: FreeU | undefined;
  readonly adapter: string;
  readonly settings: EditSettings;
  readonly result: JobResult;
}

export interface Report {
  add(step: StepProgress): void;
  /** The report as JSON. */
  text(facts: RunFacts): string;
}

/** Collects what a run tells, for `--json`. */
export function createReport(): Report {
  const history: Pick<StepProgress, "step" | "t" | "gradientNorm" | "terms">[] = [];
  return {
    add: ({ step, t, gradientNorm, terms }) => void history.push({ step, t, gradientNorm, terms }),
    text({ result: { outcome, steps, seconds, error }, ...facts }) {
      const run = { outcome, steps, seconds, stepsPerSecond: steps / seconds, error: error?.message };
      return `${JSON.stringify({ ...facts, run, history }, null, 2)}\n`;
    },
  };
}
