import { PassTimer } from "../gpu/timing.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { NAMES } from "./names.ts";
import { WARM_UP } from "./row.ts";
import type { SceneSubject } from "./scene-subject.ts";

/** A compute pass of the rasterizer. Where a frame has several of a kind, as sorting has, they are summed. */
export interface PassTiming {
  /** The row it is a part of. */
  readonly row: string;
  readonly pass: string;
  /** Milliseconds on the GPU, one value for each repetition. */
  readonly samples: readonly number[];
}

/**
 * The rasterizer's passes by the GPU's own clock; none where the device has no timestamp queries. Timed passes cannot
 * share a compute pass, so a frame is drawn anew for this, by a rasterizer of its own.
 */
export async function measurePasses(
  { gpu, view, vImage }: SceneSubject,
  repeat: number,
  goOn: () => boolean,
): Promise<readonly PassTiming[]> {
  if (!PassTimer.supported(gpu)) return [];
  const timer = new PassTimer(gpu);
  const rasterizer = new Rasterizer(gpu, { timer });
  const samples = new Map<string, { row: string; pass: string; samples: number[] }>();
  const collect = (row: string, times: ReadonlyMap<string, number>): void => {
    for (const [pass, time] of times) {
      const key = `${row}/${pass}`;
      if (!samples.has(key)) samples.set(key, { row, pass, samples: [] });
      samples.get(key)!.samples.push(time);
    }
  };
  try {
    await rasterizer.renderComplete(view);
    await timer.read();
    for (let call = 1 - WARM_UP.leastCalls; call < repeat && goOn(); call++) {
      const { saved } = await rasterizer.forward(view);
      const forward = await timer.read();
      await rasterizer.vjp(saved, { image: vImage });
      const backward = await timer.read();
      if (call < 0) continue;
      collect(NAMES.rasterForward, forward);
      collect(NAMES.rasterBackward, backward);
    }
    return [...samples.values()];
  } finally {
    rasterizer.dispose();
    timer.dispose();
  }
}
