import { readsOf } from "../graph.ts";
import type { GraphNode } from "../model.ts";
import type { Ops } from "../ops.ts";
import type { Segment } from "./segments.ts";

/**
 * Computes a segment once more, for its backward pass, and returns the copy of each of its nodes.
 *
 * ONNX Runtime would merge plain copies with the originals, or run them right beside those, and all would be alive until
 * the backward pass. So the copies start from a value that exists only when the backward pass has come this far: what
 * enters the segment + 0, a zero that depends on the cotangent of what leaves it.
 */
export function recompute(b: Ops, segment: Segment, cotangent: string): ReadonlyMap<GraphNode, GraphNode> {
  const { nodes, enters } = segment;
  b.scope = `again/${enters}`;
  const names = new Map([[enters, b.add(enters, zeroFrom(b, cotangent, enters))]]);
  const copies = new Map<GraphNode, GraphNode>();
  for (const node of nodes) {
    if (!readsOf(node).some((name) => names.has(name))) continue;
    const copy = b.copy(node, names);
    copies.set(node, copy);
    node.outputs.forEach((name, i) => name && names.set(name, copy.outputs[i]!));
  }
  b.scope = "";
  return copies;
}

/**
 * Zero whatever `value` holds, infinities and NaN included, of the element type of `like`. To an optimiser it is a
 * choice between two constants, 0 and −0.
 */
function zeroFrom(b: Ops, value: string, like: string): string {
  const first = b.dims(value).reduce((part, _, axis) => b.slice(part, axis, 0, 1), value);
  const one = b.reshape(first, [1]);
  return b.where(b.less(one, b.scalar(0, one)), b.scalar(0, like), b.scalar(-0, like));
}
