import { UserError } from "../core/errors.ts";
import { differentiate } from "../onnx/differentiate.ts";
import { largestValue, peakBytes, weightBytes, withoutWeights } from "../onnx/memory.ts";
import type { Dim, Model, Port } from "../onnx/model.ts";
import { fixShapes } from "../onnx/passes/fix-shapes.ts";
import type { InputShapes } from "../onnx/passes/fix-shapes.ts";
import { posteriorMean } from "../onnx/passes/posterior-mean.ts";
import { byteLength } from "../onnx/tensor.ts";
import type { ModelSizes, NetworkSize } from "./memory-plan.ts";
import type { Part, PartPorts } from "./ports.ts";

/** The graph of a part, which may lack the contents of its weights. */
export interface PartGraph<P extends Part> {
  readonly ports: PartPorts<P>;
  readonly model: Model;
}
export type ModelGraphs = { readonly [P in Part]: PartGraph<P> };

/** Stable Diffusion's, where graphs leave them open. */
const OPEN = { channels: 4, tokens: 77, width: 768 };

/** Writes a part, its sizes fixed, as it will run. */
type Prepare = (model: Model, part: Part) => Promise<Model>;

/**
 * Sizes of a model's networks for pictures of a size, from its graphs. Undefined where a graph does not tell, as one
 * whose shapes depend on what is fed.
 * @param side of the pictures, in pixels
 * @param prepare what becomes of networks that are not differentiated, as attention in one node
 */
export async function networkSizes(
  graphs: ModelGraphs,
  side: number,
  downscale: number,
  prepare: Prepare,
): Promise<ModelSizes | undefined> {
  const sizeOfPart = async (part: Part, shapes: InputShapes): Promise<NetworkSize> => {
    // Of one sample, also where the graph is made for more.
    const batch = Math.max(...Object.values(shapes).map(([first = 1]) => first));
    const size = sizeOfGraph(await prepare(fixShapes(graphs[part].model, shapes), part));
    return { ...size, peak: size.peak / batch, largestValue: size.largestValue / batch };
  };
  const { text_encoder, unet, vae_encoder, vae_decoder } = graphs;
  const latent = side / downscale;
  try {
    return {
      text_encoder: await sizeOfPart("text_encoder", textShapes(text_encoder.ports)),
      unet: await sizeOfPart("unet", unetShapes(unet.ports, text_encoder.ports, latent)),
      vae_encoder: await sizeOfPart("vae_encoder", {
        [vae_encoder.ports.image.name]: [1, 3, side, side],
      }),
      vae_decoder: await sizeOfPart("vae_decoder", {
        [vae_decoder.ports.latent.name]: filled(vae_decoder.ports.latent, [1, OPEN.channels, latent, latent]),
      }),
      gradient: gradientSizes(vae_encoder, side),
    };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The UNet at the sizes it has for pictures of a side. Throws a UserError where its graph does not tell them. */
export const fixedUnet = (
  { unet, text_encoder }: Pick<ModelGraphs, "unet" | "text_encoder">,
  side: number,
  downscale: number,
): Model => fixShapes(unet.model, unetShapes(unet.ports, text_encoder.ports, side / downscale));

/** The declared sizes, and others where they are open. */
const filled = ({ dims }: Port, otherwise: readonly number[]): readonly number[] =>
  dims.map((dim: Dim, axis) => (typeof dim === "number" ? dim : otherwise[axis]!));

function textShapes({ ids, mask }: PartPorts<"text_encoder">): InputShapes {
  const shape = filled(ids, [1, OPEN.tokens]);
  return { [ids.name]: shape, ...(mask && { [mask.name]: shape }) };
}

function unetShapes(
  { sample, timestep, context }: PartPorts<"unet">,
  { ids, hidden }: PartPorts<"text_encoder">,
  latent: number,
): InputShapes {
  const [, tokens] = filled(ids, [1, OPEN.tokens]);
  const [, , width] = filled(hidden, [1, tokens!, OPEN.width]);
  return {
    [sample.name]: filled(sample, [1, OPEN.channels, latent, latent]),
    [timestep.name]: filled(timestep, [1]),
    [context.name]: filled(context, [1, tokens!, width!]),
  };
}

const sizeOfGraph = (model: Model): NetworkSize => ({
  weights: weightBytes(model),
  peak: peakBytes(model),
  largestWeight: [...model.graph.initializers.values()].reduce(
    (largest, { dtype, dims }) => Math.max(largest, byteLength(dtype, dims)),
    0,
  ),
  largestValue: largestValue(model),
});

function gradientSizes({ model, ports }: PartGraph<"vae_encoder">, side: number): ModelSizes["gradient"] {
  try {
    const mean = fixShapes(posteriorMean(model), { [ports.image.name]: [1, 3, side, side] });
    const gradient = (memoryBudget: number): NetworkSize => {
      const { name: output } = ports.latent;
      const size = sizeOfGraph(
        differentiate(withoutWeights(mean), { wrt: ports.image.name, output, memoryBudget }),
      );
      // Convolutions have theirs a second time, turned round.
      return { ...size, weights: 2 * size.weights };
    };
    return { kept: gradient(Infinity), again: gradient(0) };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
