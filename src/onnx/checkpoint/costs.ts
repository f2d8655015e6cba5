import { lifetimes, peakOf } from "../memory.ts";
import type { Lifetime } from "../memory.ts";
import type { Model } from "../model.ts";
import type { TensorType } from "../infer/rule.ts";
import type { SegmentCost } from "./choose.ts";
import type { Segment } from "./segments.ts";
import { workOf } from "./work.ts";

/**
 * What each segment of a forward pass costs the backward pass, read off a gradient graph that keeps everything.
 * @param gradient the nodes of the forward pass first
 * @param cotangents by value of the forward pass
 */
export function segmentCosts(
  gradient: Model,
  segments: readonly Segment[],
  cotangents: ReadonlyMap<string, string>,
  type: (name: string) => TensorType,
): readonly SegmentCost[] {
  const lives = lifetimes(gradient);
  const position = new Map(
    gradient.graph.nodes.flatMap(({ outputs }, at) => outputs.map((name) => [name, at] as const)),
  );
  const madeAt = (name: string): number => position.get(name) ?? -1;
  const forward = new Set(segments.flatMap(({ nodes }) => nodes));
  const start = gradient.graph.nodes.findLastIndex((node) => forward.has(node)) + 1;

  const counted = new Set<Lifetime>();
  return segments.map(({ nodes, enters, leaves }) => {
    // While it is its turn, all that only later segments need is gone already.
    const others = [...lives.values()].filter((life) => !counted.has(life));
    const own = peakOf(
      others,
      Math.max(start, madeAt(cotangents.get(leaves)!) + 1),
      madeAt(cotangents.get(enters)!) + 1,
    );
    let kept = 0;
    for (const name of [enters, ...nodes.flatMap(({ outputs }) => outputs)]) {
      const life = lives.get(name);
      if (!life || name === leaves || life.from < 0 || life.to < start || counted.has(life)) continue;
      counted.add(life);
      kept += life.bytes;
    }
    const entered = lives.get(enters);
    const entry = !entered || entered.from < 0 ? 0 : entered.bytes;
    return { own, kept, entry, work: nodes.reduce((sum, node) => sum + workOf(node, type), 0) };
  });
}
