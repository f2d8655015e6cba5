/** The views an edit trains from: drawn at random, each looked at in small before it is taken. */
import type { Camera } from "../camera/camera.ts";
import { resized } from "../camera/intrinsics.ts";
import type { ViewContext, ViewSampler } from "../camera/samplers/sampler.ts";
import { acceptView, viewStats } from "../camera/view-check.ts";
import type { AnyValues } from "../core/params.ts";
import type { Rng } from "../core/rng.ts";

/** Draws what a camera sees of the untouched scene: alpha and accumulated depth, both [H, W]. */
export type ViewProbe = (
  camera: Camera,
) => Promise<{ readonly alpha: Float32Array; readonly depth: Float32Array }>;

export interface ViewRequest {
  readonly sampler: ViewSampler;
  readonly params: AnyValues;
  readonly context: ViewContext;
  readonly count: number;
  readonly rng: Rng;
  readonly signal?: AbortSignal;
}

export interface ChosenViews {
  /** At least one. Fewer than asked for where most places see nothing of the focus. */
  readonly cameras: readonly Camera[];
  /** What the user should know, in words. */
  readonly warnings: readonly string[];
}

/** Side of the picture a view is judged by, pixels. */
const PROBE_SIZE = 48;
/** Draws for one view before its place is given up. */
const ATTEMPTS = 6;
/** Fewer good places than this share of those asked for are worth a warning. */
const SCARCE = 0.5;

/**
 * Chooses views that see the focus. The same seed and scene give the same views. Where not a single view is good, the
 * least bad ones are taken, with a warning: an edit from poor views can be undone, a refusal helps nobody.
 */
export async function chooseViews(request: ViewRequest, probe: ViewProbe): Promise<ChosenViews> {
  const places: Place[] = [];
  for (let index = 0; index < request.count; index++) places.push(await tryPlace(index, request, probe));
  const good = places.filter(({ excess }) => excess === 0);
  const taken = good.length > 0 ? good : leastBad(places);
  return { cameras: taken.map(({ camera }) => camera), warnings: warningsFor(good.length, places) };
}

/** The best view found at one place, and what is wrong with it. */
interface Place {
  readonly camera: Camera;
  readonly excess: number;
  readonly reasons: readonly string[];
}

async function tryPlace(index: number, request: ViewRequest, probe: ViewProbe): Promise<Place> {
  const { sampler, params, context, rng, signal } = request;
  let best: Place | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    signal?.throwIfAborted();
    const camera = sampler.view(index, rng.fork(`view ${index}/${attempt}`), context, params);
    const small = resized(camera, ...probeSize(camera));
    const { alpha, depth } = await probe(small);
    const verdict = acceptView(viewStats(alpha, depth, small, context.focus));
    if (!best || verdict.excess < best.excess)
      best = { camera, excess: verdict.excess, reasons: verdict.reasons };
    if (verdict.accepted) break;
  }
  return best!;
}

/** The longer side is PROBE_SIZE. */
function probeSize({ width, height }: Camera): [width: number, height: number] {
  const scale = PROBE_SIZE / Math.max(width, height);
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** A quarter of the places, so that they still differ. */
const leastBad = (places: readonly Place[]): readonly Place[] =>
  [...places].sort((a, b) => a.excess - b.excess).slice(0, Math.ceil(places.length / 4));

function warningsFor(good: number, places: readonly Place[]): string[] {
  if (good >= SCARCE * places.length) return [];
  const reasons = [...new Set(places.flatMap((place) => place.reasons))].join(", ");
  const found =
    good > 0 ? `Only ${good} of ${places.length} views see the focus well` : "No view sees the focus well";
  return [`${found} (${reasons}). Check the focus, the up axis and the range of elevations.`];
}
