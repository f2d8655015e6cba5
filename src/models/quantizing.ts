import type { Part } from "../diffusion/ports.ts";
import type { LinearForm, WeightFormat } from "../onnx/quantize/quantize.ts";

/** A choice of formats for the parts of a model. */
export interface Quantization {
  readonly id: QuantizationId;
  readonly label: string;
  readonly help: string;
  readonly weights: WeightFormat;
  readonly formats: Readonly<Record<Part, WeightFormat>>;
  readonly linear: LinearForm;
}
export type QuantizationId = "int8" | "int4" | "fp16";

/** A VAE suffers more than it saves. */
const evenly = (weights: WeightFormat): Record<Part, WeightFormat> => ({
  unet: weights,
  text_encoder: weights,
  vae_encoder: "float16",
  vae_decoder: "float16",
});

export const QUANTIZATIONS: readonly Quantization[] = [
  {
    id: "int8",
    label: "8 bits",
    help: "A quarter of float32. Edits hardly change.",
    weights: "int8",
    formats: evenly("int8"),
    linear: "fused",
  },
  {
    id: "int4",
    label: "4 bits",
    help: "The smallest. Edits change visibly: for GPUs with little memory.",
    weights: "int4",
    formats: evenly("int4"),
    linear: "fused",
  },
  {
    id: "fp16",
    label: "Float16",
    help: "Half of float32, for models that come in no other edition.",
    weights: "float16",
    formats: evenly("float16"),
    linear: "dequantize",
  },
];

export const quantization = (id: QuantizationId): Quantization =>
  QUANTIZATIONS.find((quantization) => quantization.id === id)!;

/** What a quantized model is stored under. */
export const quantizedId = (from: string, id: QuantizationId): string => `${from.replace(/\/$/, "")}-${id}`;
