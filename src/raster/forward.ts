/** A frame as a list of dispatches: project → order by depth → pairs → order by tile → composite. */
import type { RadixSort } from "../gpu/radix-sort.ts";
import type { CommandRecorder } from "../gpu/recorder.ts";
import type { PrefixSum } from "../gpu/scan.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import { COUNTER } from "./counters.ts";
import type { Buffers, FRAME } from "./frame-buffers.ts";
import { compact, emit, gatherCounts, listTiles, project, type Compositing } from "./kernels.ts";
import type { FramePlan } from "./plan.ts";
import type { RenderOutput, Retouch } from "./types.ts";

export interface ForwardBindings {
  readonly view: GPUBuffer;
  readonly splats: SplatBuffers;
  readonly frame: Buffers<typeof FRAME>;
  readonly out: RenderOutput;
  readonly compositing: Compositing;
  readonly retouch?: Retouch | undefined;
}

export interface Sorters {
  readonly scan: PrefixSum;
  readonly byDepth: RadixSort;
  readonly byTile: RadixSort;
}

export function recordForward(
  recorder: CommandRecorder,
  plan: FramePlan,
  { scan, byDepth, byTile }: Sorters,
  { view, splats, frame, out, compositing, retouch }: ForwardBindings,
): void {
  const { count, maxPairs } = plan;
  const visible = { buffer: frame.counters, index: COUNTER.visible };
  const wantedPairs = { buffer: frame.counters, index: COUNTER.wantedPairs };

  recorder.clear(frame.counters).clear(frame.tile_ranges);
  recorder.dispatch(
    project,
    { over: count },
    {
      view,
      means: splats.means,
      quaternions: splats.quaternions,
      log_scales: splats.logScales,
      opacity_logits: splats.opacityLogits,
      sh: splats.sh,
      ...frame,
      splats: frame.splats,
    },
  );

  retouch?.(recorder, { view, count, ...frame });

  // Culled splats are left out before the sort, and by a prefix sum, so that equal depths keep the scene's order.
  scan.record(recorder, { values: frame.is_visible, sums: frame.visible_offsets, count, total: visible });
  recorder.dispatch(compact, { over: count }, { view, ...frame });
  const nearestFirst = byDepth.record(recorder, {
    keys: frame.depth_keys,
    values: frame.visible_splats,
    count: visible,
    capacity: count,
  });
  const splat_from_rank = nearestFirst.values;

  recorder.dispatch(gatherCounts, { over: count }, { view, splat_from_rank, ...frame });
  scan.record(recorder, {
    values: frame.ranked_tile_counts,
    sums: frame.pair_offsets,
    count,
    total: wantedPairs,
  });
  recorder.dispatch(emit, { over: count }, { view, splat_from_rank, ...frame });
  const byTileThenDepth = byTile.record(recorder, {
    keys: frame.pair_tiles,
    count: wantedPairs,
    capacity: maxPairs,
    bits: plan.tileBits,
  });
  recorder.dispatch(
    listTiles,
    { over: maxPairs },
    { view, sorted_tiles: byTileThenDepth.keys, sorted_pairs: byTileThenDepth.values, ...frame },
  );

  recorder.dispatch(
    compositing.rasterize,
    { groups: plan.tiles },
    { view, image: out.image.buffer, alpha: out.alpha.buffer, depth: out.depth.buffer, ...frame },
  );
}
