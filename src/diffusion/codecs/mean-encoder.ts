import { describe } from "../../onnx/model.ts";
import type { Model } from "../../onnx/model.ts";
import { posteriorMean } from "../../onnx/passes/posterior-mean.ts";
import { writeModel } from "../../onnx/write.ts";
import type { Network } from "../graph-runner.ts";
import { networkOf } from "../model-folder.ts";
import type { GraphFile } from "../model-folder.ts";

/**
 * The encoder that gives the posterior's mean, where an exporter baked sampling into the graph; other encoders as they
 * are. Sampling would make source latents differ between visits of a view, and gradients noisy.
 */
export const meanEncoderModel = ({ model }: GraphFile<"vae_encoder">): Model => posteriorMean(model);

export function meanEncoder(file: GraphFile<"vae_encoder">): Network {
  const model = meanEncoderModel(file);
  if (model === file.model) return networkOf(file);
  return { bytes: writeModel(model), model, inputs: describe(model).inputs, externalData: file.externalData };
}
