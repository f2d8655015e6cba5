import { tinyModel } from "./tiny-model.ts";
import type { TinyPort } from "./tiny-model.ts";

export interface TinyUnetOptions {
  readonly timestep?: Pick<TinyPort, "type" | "dims">;
  readonly batch?: number | string;
  readonly type?: "float32" | "float16";
  readonly extra?: TinyPort;
}

/** A UNet in name and signature: prediction = sample + t + mean(context), context [batch, 2, 3]. */
export function tinyUnet({
  timestep = { type: "float32", dims: ["batch"] },
  batch = "batch",
  type = "float32",
  extra,
}: TinyUnetOptions = {}): Uint8Array {
  const float = type === "float32" ? 1 : 10;
  return tinyModel({
    inputs: [
      { name: "sample", type, dims: [batch, 4, "height", "width"] },
      { name: "timestep", ...timestep },
      { name: "encoder_hidden_states", type, dims: [batch, 2, 3] },
      ...(extra ? [extra] : []),
    ],
    outputs: [{ name: "out_sample", type, dims: [batch, 4, "height", "width"] }],
    nodes: [
      { op: "Cast", inputs: ["timestep"], output: "t", attributes: { to: float } },
      { op: "Reshape", inputs: ["t", "column"], output: "t_column" },
      {
        op: "ReduceMean",
        inputs: ["encoder_hidden_states"],
        output: "c",
        attributes: { axes: [1, 2], keepdims: 0 },
      },
      { op: "Reshape", inputs: ["c", "column"], output: "c_column" },
      { op: "Add", inputs: ["sample", "t_column"], output: "sum" },
      { op: "Add", inputs: ["sum", "c_column"], output: "out_sample" },
    ],
    constants: { column: { dims: [4], values: [-1, 1, 1, 1], type: "int64" } },
  });
}
