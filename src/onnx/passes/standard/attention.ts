import { UserError } from "../../../core/errors.ts";
import { getFloat, getInt, int, title } from "../../attributes.ts";
import type { GraphNode } from "../../model.ts";
import type { Ops } from "../../ops.ts";
import type { ExpansionTable } from "./expansion.ts";
import { inputsOf } from "./expansion.ts";

/** Inputs of MultiHeadAttention that only generating text uses. */
const UNSUPPORTED = { 4: "a key padding mask", 6: "past keys", 7: "past values" };

/** Whether a node is nothing but attention that can be written in other operators. */
export const isPlainAttention = (node: GraphNode): boolean =>
  node.op === "MultiHeadAttention" &&
  !Object.keys(UNSUPPORTED).some((input) => node.inputs[Number(input)]) &&
  !getInt(node, "unidirectional");

/**
 * softmax(Q Kᵀ · scale + bias) V per head, Vaswani et al., "Attention Is All You Need", section 3.2.2. Queries come as
 * [N, S, D] or with keys and values as [N, S, heads, 3, d]; keys and values as [N, L, D], together as
 * [N, L, heads, 2, d], or as [N, heads, L, d].
 */
export const attention: ExpansionTable = {
  "com.microsoft.MultiHeadAttention": (b, node) => {
    for (const [input, what] of Object.entries(UNSUPPORTED)) {
      if (node.inputs[Number(input)])
        throw new UserError(`${title(node)} uses ${what}, which is not supported`);
    }
    if (getInt(node, "unidirectional"))
      throw new UserError(`${title(node)} looks backwards only, which is not supported`);
    const { q, k, v } = headsOf(b, node);
    const attentionBias = node.inputs[5];
    const scale = getFloat(node, "scale") || 1 / Math.sqrt(b.dims(q).at(-1)!);
    const scores = b.matMul(b.scale(q, scale), b.transpose(k, [0, 1, 3, 2]));
    const biased = attentionBias ? b.add(scores, attentionBias) : scores;
    const mixed = b.matMul(b.emit("Softmax", [biased], { axis: int(-1) }), v);
    const [batch, heads, length, width] = b.dims(mixed) as [number, number, number, number];
    return [b.reshape(b.transpose(mixed, [0, 2, 1, 3]), [batch, length, heads * width])];
  },
};

/** Queries, keys and values as [N, heads, length, width]. */
function headsOf(b: Ops, node: GraphNode): Record<"q" | "k" | "v", string> {
  const [query, key, value, bias] = inputsOf(node, 4) as [string, string?, string?, string?];
  const heads = getInt(node, "num_heads")!;
  let start = 0;
  /** One [N, L, D] with its part of the bias, which holds those of queries, keys and values in a row. */
  const split = (x: string): string => {
    const [batch, length, width] = b.dims(x) as [number, number, number];
    const shifted = bias ? b.add(x, b.slice(bias, 0, start, width)) : x;
    start += width;
    return b.transpose(b.reshape(shifted, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
  };
  /** One of the parts that [N, L, heads, parts, d] holds side by side. */
  const unpack = (x: string, part: number): string => {
    const [batch, length, count, , width] = b.dims(x) as [number, number, number, number, number];
    return split(b.reshape(b.slice(x, 3, part, 1), [batch, length, count * width]));
  };
  if (!key) return { q: unpack(query, 0), k: unpack(query, 1), v: unpack(query, 2) };
  if (!value) return { q: split(query), k: unpack(key, 0), v: unpack(key, 1) };
  if (b.dims(key).length === 4) return { q: split(query), k: key, v: value };
  return { q: split(query), k: split(key), v: split(value) };
}
