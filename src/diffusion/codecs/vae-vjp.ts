import { differentiate } from "../../onnx/differentiate.ts";
import { describe } from "../../onnx/model.ts";
import { fixShapes } from "../../onnx/passes/fix-shapes.ts";
import { writeModel } from "../../onnx/write.ts";
import { createGraphRunner } from "../graph-runner.ts";
import type { Backend, GraphRunner, Network } from "../graph-runner.ts";
import { GRADIENT } from "../memory-plan.ts";
import type { GraphFile, PartLoader } from "../model-folder.ts";
import type { Feed, Outputs } from "../session.ts";
import type { Latent } from "./codec.ts";
import { meanEncoderModel } from "./mean-encoder.ts";

export interface EncoderVjp {
  /** The cotangent of the network's image, in the graph's output `gradient`. */
  run(image: Feed, vMean: Latent): Promise<{ outputs: Outputs; gradient: string }>;
  dispose(): Promise<void>;
}

const COTANGENT = "splatsmith_cotangent";

/**
 * (image, cotangent of the mean) ↦ cotangent of the image: the encoder's graph differentiated in reverse mode, made
 * for one image size when it is first asked for.
 * @param memoryBudget bytes that a run may hold beside the weights, by the side of the image; any number unless given
 */
export function createEncoderVjp(
  { ports, load }: PartLoader<"vae_encoder">,
  backend: Backend,
  memoryBudget: (side: number) => number = () => Infinity,
): EncoderVjp {
  const gradient = `v_${ports.image.name}`;
  let current: { readonly size: string; readonly runner: GraphRunner } | undefined;

  const runnerFor = async (dims: readonly number[]): Promise<GraphRunner> => {
    const size = dims.join("×");
    if (current?.size !== size) {
      await current?.runner.dispose();
      const network = async () => gradientNetwork(await load(), dims, memoryBudget(dims.at(-1)!));
      const runner = createGraphRunner(GRADIENT, network, backend, [gradient]);
      current = { size, runner };
    }
    return current.runner;
  };

  return {
    async run(image, vMean) {
      const runner = await runnerFor(image.dims);
      const outputs = await runner.run({
        [ports.image.name]: image,
        [COTANGENT]: { data: vMean.data, dims: [1, ...vMean.shape] },
      });
      return { outputs, gradient };
    },
    async dispose() {
      await current?.runner.dispose();
      current = undefined;
    },
  };
}

function gradientNetwork(
  file: GraphFile<"vae_encoder">,
  dims: readonly number[],
  memoryBudget: number,
): Network {
  const { image, latent } = file.ports;
  const fixed = fixShapes(meanEncoderModel(file), { [image.name]: dims });
  const model = differentiate(fixed, {
    wrt: image.name,
    output: latent.name,
    cotangentName: COTANGENT,
    memoryBudget,
  });
  return { bytes: writeModel(model), model, inputs: describe(model).inputs, externalData: file.externalData };
}
