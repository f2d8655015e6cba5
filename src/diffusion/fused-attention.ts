import type { Model } from "../onnx/model.ts";
import { findAttention } from "../onnx/passes/attention/find.ts";
import type { Attention } from "../onnx/passes/attention/find.ts";
import { fuseAttention } from "../onnx/passes/fuse-attention.ts";
import type { AttentionForm } from "./attention-check.ts";

/**
 * A head that is wider stays in plain operators: the fused kernel keeps whole rows of it in registers, and the one head
 * of 512 of Stable Diffusion's VAE is used once in a network, not twenty times.
 */
const WIDEST = 256;

/** A model with its attentions fused, except those of forms that are not right here. */
export async function withFusedAttention(
  model: Model,
  isRight: (form: AttentionForm) => Promise<boolean>,
): Promise<{ readonly model: Model; readonly wrong: readonly AttentionForm[] }> {
  const right: Attention[] = [];
  const wrong = new Map<string, AttentionForm>();
  for (const attention of findAttention(model)) {
    const form = formOf(attention);
    if (!form) continue;
    if (await isRight(form)) right.push(attention);
    else wrong.set(Object.values(form).join(), form);
  }
  return { model: fuseAttention(model, right), wrong: [...wrong.values()] };
}

/** As the check knows it; a mask has to be one for all heads of all the batch. */
function formOf({ dtype, query, bias }: Attention): AttentionForm | undefined {
  const { heads, width } = query.sizes;
  const isOneForAll = !bias || bias.dims.slice(0, -2).every((size) => size === 1);
  if ((dtype !== "float32" && dtype !== "float16") || width > WIDEST || !isOneForAll) return undefined;
  return { dtype, heads, width, masked: bias !== undefined };
}
