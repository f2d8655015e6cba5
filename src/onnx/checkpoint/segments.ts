import { readsOf } from "../graph.ts";
import type { GraphNode } from "../model.ts";

/** A stretch of the way from an input to an output that one value alone enters and one leaves. */
export interface Segment {
  readonly nodes: readonly GraphNode[];
  readonly enters: string;
  readonly leaves: string;
}

/**
 * Cuts the way from one value to another wherever every path between them goes through a single value, as between the
 * residual blocks of a network: with that value at hand, what follows can be computed without anything before it.
 * @param nodes those that depend on `from` and that `to` depends on, in topological order
 */
export function cutAtSingles(nodes: readonly GraphNode[], from: string, to: string): readonly Segment[] {
  const readsLeft = new Map<string, number>([[to, 1]]);
  for (const name of nodes.flatMap(readsOf)) readsLeft.set(name, (readsLeft.get(name) ?? 0) + 1);
  const alive = new Set([from]);
  const segments: Segment[] = [];
  let enters = from;
  let stretch: GraphNode[] = [];
  for (const node of nodes) {
    stretch.push(node);
    for (const name of readsOf(node)) {
      const left = readsLeft.get(name)! - 1;
      readsLeft.set(name, left);
      if (left === 0) alive.delete(name);
    }
    for (const name of node.outputs) if (readsLeft.get(name)) alive.add(name);
    const [leaves] = alive;
    if (alive.size !== 1 || leaves === enters) continue;
    segments.push({ nodes: stretch, enters, leaves: leaves! });
    [enters, stretch] = [leaves!, []];
  }
  return segments;
}
