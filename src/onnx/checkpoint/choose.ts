/** What a segment of a forward pass costs its backward pass. Bytes, and any one unit of work. */
export interface SegmentCost {
  /** Held from the forward pass until the backward pass has come back to it, with what enters it. */
  readonly kept: number;
  /** The same where it is computed again: what enters it. */
  readonly entry: number;
  /** The most that its backward pass holds besides what earlier segments keep. */
  readonly own: number;
  /** What computing it again costs. */
  readonly work: number;
}

interface State {
  readonly kept: number;
  readonly work: number;
  /** Segments computed again, the last first. */
  readonly again: { readonly index: number; readonly before: State["again"] } | undefined;
}

/**
 * Which segments to compute again in the backward pass, so that it stays within a budget of bytes at the least work,
 * or within a twentieth of what is possible where the budget is not (Chen et al. 2016, "Training deep nets with
 * sublinear memory cost", for segments that differ).
 * @returns their positions, ascending
 */
export function chooseRecomputed(segments: readonly SegmentCost[], budget: number): readonly number[] {
  const least = Math.max(1, ...segments.map(({ own }) => own));
  for (let bytes = Math.max(budget, least); ; bytes *= 1.05) {
    const chosen = withinBudget(segments, bytes);
    if (chosen) return chosen;
  }
}

/** Exact: of all choices for the segments so far, those are carried on that no other beats in both bytes and work. */
function withinBudget(segments: readonly SegmentCost[], budget: number): readonly number[] | undefined {
  let states: readonly State[] = [{ kept: 0, work: 0, again: undefined }];
  for (const [index, { kept, entry, own, work }] of segments.entries()) {
    states = unbeaten(
      states
        .filter((state) => state.kept + own <= budget)
        .flatMap((state): State[] => [
          { ...state, kept: state.kept + kept },
          { kept: state.kept + entry, work: state.work + work, again: { index, before: state.again } },
        ]),
    );
  }
  const cheapest = states.at(0);
  if (!cheapest) return undefined;
  const chosen: number[] = [];
  for (let again = cheapest.again; again; again = again.before) chosen.push(again.index);
  return chosen.reverse();
}

/** Those than which none keeps less at no more work, the least work first. */
function unbeaten(states: readonly State[]): State[] {
  let least = Infinity;
  return [...states]
    .sort((a, b) => a.work - b.work || a.kept - b.kept)
    .filter(({ kept }) => {
      if (kept >= least) return false;
      least = kept;
      return true;
    });
}
