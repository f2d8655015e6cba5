import type { StepProgress } from "../edit/events.ts";

/** What a run looked like at one step. */
export type TracePoint = Pick<StepProgress, "step" | "gradientNorm" | "terms">;

/** Something the user changed on the way, to be seen in the plots. */
export interface TraceMark {
  /** First step that it acts on. */
  readonly step: number;
  readonly text: string;
}

/** The course of a run in few enough points to draw at any time. */
export interface Trace {
  readonly points: readonly TracePoint[];
  /** Every how many steps a point is kept. */
  readonly stride: number;
  readonly marks: readonly TraceMark[];
}

export const EMPTY_TRACE: Trace = { points: [], stride: 1, marks: [] };

/** A plot has about as many pixels; when there are more points, every second one goes. */
const MAX_POINTS = 512;

export function withPoint(trace: Trace, { step, gradientNorm, terms }: TracePoint): Trace {
  if (step % trace.stride !== 0) return trace;
  const points = [...trace.points, { step, gradientNorm, terms }];
  if (points.length <= MAX_POINTS) return { ...trace, points };
  const stride = 2 * trace.stride;
  return { ...trace, stride, points: points.filter((point) => point.step % stride === 0) };
}

export const withMark = (trace: Trace, mark: TraceMark): Trace => ({
  ...trace,
  marks: [...trace.marks, mark],
});

export interface Series {
  readonly name: string;
  readonly points: readonly { readonly step: number; readonly value: number }[];
}

/** The gradient's norm and each term's, in the order in which they first appeared. */
export function seriesOf({ points }: Trace): readonly Series[] {
  const names = [...new Set(points.flatMap(({ terms }) => Object.keys(terms)))];
  return [
    { name: "gradient", points: points.map(({ step, gradientNorm }) => ({ step, value: gradientNorm })) },
    ...names.map((name) => ({
      name,
      points: points
        .filter(({ terms }) => name in terms)
        .map(({ step, terms }) => ({ step, value: terms[name]! })),
    })),
  ];
}
