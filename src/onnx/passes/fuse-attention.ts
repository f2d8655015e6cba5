import { float, int } from "../attributes.ts";
import { prune } from "../graph.ts";
import type { Model } from "../model.ts";
import type { Ops } from "../ops.ts";
import { createOps } from "../ops.ts";
import type { Attention, Bias } from "./attention/find.ts";
import type { Operand } from "./attention/operands.ts";

/**
 * Writes attentions that `findAttention` found as MultiHeadAttention of ONNX Runtime, which keeps no scores in memory.
 * Dao et al., "FlashAttention", 2022. For graphs that are not differentiated.
 */
export function fuseAttention(model: Model, attentions: readonly Attention[]): Model {
  if (attentions.length === 0) return model;
  const endings = new Map(attentions.map((attention) => [attention.output.value, attention]));
  const b = createOps({ ...model, opsets: new Map([...model.opsets, ["com.microsoft", 1]]) });
  for (const node of model.graph.nodes) {
    const attention = endings.get(node.outputs[0]!);
    if (attention) fused(b, attention);
    else b.keep(node);
  }
  const { graph, ...rest } = b.finish(model.graph.outputs.map(({ name }) => name));
  return { ...rest, graph: prune(graph) };
}

function fused(b: Ops, { query, key, value, output, scale, bias }: Attention): void {
  const { heads } = query.sizes;
  const inputs = [query, key, value].map((operand) => together(b, operand));
  if (bias) inputs.push("", "", spread(b, bias, query.sizes.length, key.sizes));
  const isWhole = output.form === "together";
  const mixed = b.emit(
    "MultiHeadAttention",
    inputs,
    { num_heads: int(heads), scale: float(scale) },
    { domain: "com.microsoft", ...(isWhole && { outputs: [output.value] }) },
  );
  if (!isWhole) apart(b, mixed, output);
}

/** An operand as [N, S, H·d]. */
function together(b: Ops, { value, sizes, form }: Operand): string {
  if (form === "together") return value;
  const { batch, heads, length, width } = sizes;
  const isTransposed = form === "apart, transposed";
  const perHead = b.reshape(
    value,
    isTransposed ? [batch, heads, width, length] : [batch, heads, length, width],
  );
  const perRow = b.transpose(perHead, isTransposed ? [0, 3, 1, 2] : [0, 2, 1, 3]);
  return b.reshape(perRow, [batch, length, heads * width]);
}

/** The result as the product gave it, a matrix a head. */
function apart(b: Ops, mixed: string, { value, sizes }: Operand): void {
  const { batch, heads, length, width } = sizes;
  const perHead = b.transpose(b.reshape(mixed, [batch, length, heads, width]), [0, 2, 1, 3]);
  b.emit("Identity", [b.reshape(perHead, b.dims(value))], {}, { outputs: [value] });
}

/** A bias as [N or 1, H or 1, S, L]. */
function spread(b: Ops, { value, dims, isPerMatrix }: Bias, length: number, keys: Operand["sizes"]): string {
  const four = [...Array<number>(4 - dims.length).fill(1), ...dims] as [number, number, number, number];
  const outer = isPerMatrix && four[1] !== 1 ? [keys.batch, keys.heads] : four.slice(0, 2);
  const shaped = b.reshape(value, [...outer, ...four.slice(2)]);
  return b.expand(shaped, [...outer, length, keys.length]);
}
