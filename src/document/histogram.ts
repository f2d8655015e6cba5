import { UserError } from "../core/errors.ts";
import { isEditable, type Doc } from "./document.ts";
import { MEASURES, type MeasureId } from "./measures.ts";
import { isSelected, isTouchable } from "./states.ts";

export interface HistogramRequest {
  readonly attribute: MeasureId;
  readonly bins: number;
  /** Bins of equal ratios rather than of equal widths; leaves out what is not above 0. */
  readonly log?: boolean;
  /** Count only what is selected. */
  readonly selectedOnly?: boolean;
}

export interface Histogram {
  readonly attribute: MeasureId;
  readonly log: boolean;
  /** Of the bins together: the first begins at `min`, the last ends at `max`. */
  readonly min: number;
  readonly max: number;
  /** Of each bin, all that is counted and what of it is selected. */
  readonly counts: readonly number[];
  readonly selected: readonly number[];
  readonly total: number;
}

const MAX_BINS = 1024;

/** How an attribute is spread over the splats that can be selected. */
export function histogramOf(doc: Doc, request: HistogramRequest): Histogram {
  const { attribute, log = false, selectedOnly = false } = request;
  const measure = MEASURES[attribute];
  if (!measure) {
    throw new UserError(
      `Splats have no attribute “${attribute}”.`,
      `Choose one of ${Object.keys(MEASURES).join(", ")}.`,
    );
  }
  const bins = Math.min(MAX_BINS, Math.max(1, Math.round(request.bins) || 1));
  const toAxis = log ? Math.log : (value: number) => value;
  const { values, marks } = collect(doc, attribute, selectedOnly, toAxis);

  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = [0, log ? 0 : 1];
  const counts = new Array<number>(bins).fill(0);
  const selected = new Array<number>(bins).fill(0);
  const perUnit = high > low ? bins / (high - low) : 0;
  values.forEach((value, i) => {
    const bin = Math.min(bins - 1, Math.floor((value - low) * perUnit));
    counts[bin]!++;
    selected[bin]! += marks[i]!;
  });
  const fromAxis = log ? Math.exp : (value: number) => value;
  return { attribute, log, min: fromAxis(low), max: fromAxis(high), counts, selected, total: values.length };
}

/** The finite values along the axis, and whether each belongs to a selected splat. */
function collect(doc: Doc, attribute: MeasureId, selectedOnly: boolean, toAxis: (value: number) => number) {
  const most = doc.layers.reduce((sum, { state }) => sum + state.length, 0);
  const values = new Float64Array(most);
  const marks = new Uint8Array(most);
  let count = 0;
  for (const layer of doc.layers.filter(isEditable)) {
    const { state, scene } = layer;
    const valueOf = MEASURES[attribute].of(scene.splats, doc.frame);
    for (let i = 0; i < state.length; i++) {
      const bits = state[i]!;
      if (!isTouchable(bits) || (selectedOnly && !isSelected(bits))) continue;
      const value = toAxis(valueOf(i));
      if (!Number.isFinite(value)) continue;
      values[count] = value;
      marks[count++] = isSelected(bits) ? 1 : 0;
    }
  }
  return { values: values.subarray(0, count), marks: marks.subarray(0, count) };
}
