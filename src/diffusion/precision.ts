/** Which precision a model's UNet computes in. */
import { UserError } from "../core/errors.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Model } from "../onnx/model.ts";
import { byteLength, sizeOf } from "../onnx/tensor.ts";
import type { Provider } from "./session.ts";

/** What products with weights are computed in; what sums over pixels is float32 always. */
export type Precision = "float32" | "float16";
export type PrecisionWish = Precision | "auto";

export interface PrecisionChoice {
  readonly precision: Precision;
  /** The reason, for the user. */
  readonly why: string;
}

export const precisionInWords = ({ precision, why }: PrecisionChoice): string => `${precision}: ${why}`;

/** Numbers in a UNet from which on half precision saves what a graphics card would miss: Stable Diffusion's has 860e6. */
const LARGE = 64e6;

/**
 * A UNet computes in half precision where the GPU has it and the model's weights are no finer anyway. The VAE and its
 * gradient never do: their values leave the range of halves (Stable Diffusion XL's decoder is known for it) and their
 * sums run over all pixels; nor does the text encoder, which runs once a prompt.
 * Throws a UserError for a wish that the GPU cannot fulfil.
 */
export function choosePrecision(
  unet: Model,
  {
    provider,
    gpu,
    wish = "auto",
  }: { provider: Provider; gpu?: Gpu | undefined; wish?: PrecisionWish | undefined },
): PrecisionChoice {
  // In wasm ONNX Runtime computes in float32 and rounds what lies between operators: of no use, but to compare.
  const hasHalves = provider === "wasm" || (gpu?.features.has("shader-f16") ?? false);
  if (wish === "float16" && !hasHalves) {
    throw new UserError(
      "This GPU does not compute in half precision: it lacks the WebGPU feature shader-f16.",
      "Run the model in float32.",
    );
  }
  if (wish !== "auto") return { precision: wish, why: "as asked for" };
  const weights = [...unet.graph.initializers.values()];
  const count = weights.reduce((sum, { dims }) => sum + sizeOf(dims), 0);
  const bytes = weights.reduce((sum, { dtype, dims }) => sum + byteLength(dtype, dims), 0);
  if (provider === "wasm") return { precision: "float32", why: "it runs on the CPU" };
  if (!hasHalves) return { precision: "float32", why: "this GPU has no half precision" };
  if (count < LARGE) return { precision: "float32", why: "the model is small" };
  if (bytes > 3 * count) return { precision: "float32", why: "as its weights are" };
  return { precision: "float16", why: "norms, attention and the VAE in float32" };
}
