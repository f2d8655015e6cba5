import { describe } from "../onnx/model.ts";
import { quantizeModel } from "../onnx/quantize/quantize.ts";
import type { QuantizeOptions } from "../onnx/quantize/quantize.ts";
import { rolesOf } from "../onnx/quantize/roles.ts";
import type { Role } from "../onnx/quantize/roles.ts";
import { findWeights } from "../onnx/quantize/weights.ts";
import { inlineStore, tensorReader } from "../onnx/storage.ts";
import { sizeOf } from "../onnx/tensor.ts";
import { writeModel } from "../onnx/write.ts";
import { createDenoiser } from "./denoiser.ts";
import type { Denoiser } from "./denoiser.ts";
import type { Backend } from "./graph-runner.ts";
import type { GraphFile } from "./model-folder.ts";
import { quantizationNoise } from "./quantization-noise.ts";
import type { NoiseOptions } from "./quantization-noise.ts";
import type { Schedule } from "./schedule.ts";

/** What quantizing one weight alone does to the gradient of an edit. */
export interface Sensitivity {
  readonly name: string;
  readonly role: Role | undefined;
  readonly elements: number;
  readonly error: number;
}

/**
 * Measures weight by weight, the most sensitive for its size first: errors of different weights are nearly
 * independent, so their squares add up, and leaving out those with the most squared error an element is the cheapest
 * way below a limit.
 */
export async function measureSensitivity(
  file: GraphFile<"unet">,
  exact: Denoiser,
  options: NoiseOptions & Pick<QuantizeOptions, "weights" | "linear">,
  backend: Backend,
  onProgress?: (done: number, total: number) => void,
): Promise<readonly Sensitivity[]> {
  const weights = findWeights(file.model.graph);
  const roles = rolesOf(file.model.graph, weights);
  const rows: Sensitivity[] = [];
  for (const { name, tensor } of weights) {
    const others = new Set(weights.map((weight) => weight.name).filter((other) => other !== name));
    const only = await quantizedDenoiser(
      file,
      { ...options, keep: others, keepRoles: [] },
      options.schedule,
      backend,
    );
    const { error } = await quantizationNoise(exact, only, options);
    await only.dispose();
    rows.push({ name, role: roles.get(name), elements: sizeOf(tensor.dims), error });
    onProgress?.(rows.length, weights.length);
  }
  return rows.sort((a, b) => b.error ** 2 / b.elements - a.error ** 2 / a.elements);
}

/** A UNet quantized in memory. */
export async function quantizedDenoiser(
  file: GraphFile<"unet">,
  options: Pick<QuantizeOptions, "weights" | "linear" | "keep" | "keepRoles">,
  schedule: Schedule,
  backend: Backend,
): Promise<Denoiser> {
  const read = tensorReader(new Map(file.externalData.map(({ path, data }) => [path, data])));
  const model = await quantizeModel(file.model, { ...options, read, store: inlineStore });
  const quantized = { ...file, model, bytes: writeModel(model), externalData: [] };
  const ports = { ...file.ports, inputs: describe(model).inputs };
  return createDenoiser({ ports, load: async () => quantized }, schedule, backend);
}
