/**
 * Encoders that give Stable Diffusion's latents, so that one can stand in for another: the model's own VAE is the
 * reference, TAESD (github.com/madebyollin/taesd) a small one distilled from it, a tenth of its cost with gradient.
 */
import { UserError } from "../../core/errors.ts";
import { registry } from "../../core/registry.ts";
import type { FolderSource } from "../folder-source.ts";
import { readJsonIfThere } from "../folder-source.ts";
import { readGraph, vaeConfig } from "../model-folder.ts";
import type { GraphFile, ModelFolder, VaeConfig } from "../model-folder.ts";
import type { Affine } from "./image-io.ts";

export interface EncoderKind {
  readonly id: string;
  /** From our images in [0, 1] to what the network sees. */
  readonly toNetwork: Affine;
  /** Whether its latents come scaled as the UNet wants them; else the VAE's config tells how. */
  readonly isScaled: boolean;
}

export const encoderKinds = registry<EncoderKind>("encoder", [
  { id: "vae", toNetwork: { scale: 2, offset: -1 }, isScaled: false },
  { id: "taesd", toNetwork: { scale: 1, offset: 0 }, isScaled: true },
  // diffusers' AutoencoderTiny wraps it: takes a VAE's range, and halves and shifts it itself.
  { id: "taesd-diffusers", toNetwork: { scale: 2, offset: -1 }, isScaled: true },
]);

/** How a network's images and latents are to be read. z = (network(scale·x + offset) − shift)·scaling. */
export interface Encoding extends Pick<VaeConfig, "scaling" | "shift"> {
  readonly id: string;
  readonly toNetwork: Affine;
}

export const encodingOf = (
  { id, toNetwork, isScaled }: EncoderKind,
  { scaling, shift }: Pick<VaeConfig, "scaling" | "shift">,
): Encoding => ({ id, toNetwork, ...(isScaled ? { scaling: 1, shift: 0 } : { scaling, shift }) });

/** An encoder in a folder of its own. */
export interface EncoderFolder extends Pick<ModelFolder, "graph"> {
  readonly encoding: Encoding;
}

/** A folder with `vae_encoder/model.onnx`, of any kind above. Throws a UserError that says what is missing. */
export async function openEncoderFolder(source: FolderSource): Promise<EncoderFolder> {
  if (!(await source.has("vae_encoder/model.onnx"))) {
    throw new UserError(
      `The encoder's folder “${source.name}” has no vae_encoder/model.onnx.`,
      "It should be laid out as a model folder; of TAESD, only that part is needed.",
    );
  }
  const config = (await readJsonIfThere(source, "vae_encoder/config.json")) ?? {};
  const file = await readGraph(source, "vae_encoder");
  const kind = config["_class_name"] === "AutoencoderKL" ? encoderKinds.get("vae") : kindOfGraph(file);
  return { encoding: encodingOf(kind, vaeConfig(config)), graph: (part) => readGraph(source, part) };
}

/**
 * TAESD does without normalization, no VAE of Stable Diffusion does. Its plain network begins with a convolution, the
 * wrapped one with what brings the image into its range.
 */
function kindOfGraph({ model, ports }: GraphFile<"vae_encoder">): EncoderKind {
  const { nodes } = model.graph;
  if (nodes.some(({ op }) => op.endsWith("Normalization"))) return encoderKinds.get("vae");
  const first = nodes.filter(({ op }) => op !== "Cast").find(({ inputs }) => reads(inputs, ports.image.name));
  return encoderKinds.get(first?.op === "Conv" ? "taesd" : "taesd-diffusers");

  /** Directly, or through a cast. */
  function reads(inputs: readonly string[], name: string): boolean {
    const casts = nodes.filter((node) => node.op === "Cast" && node.inputs[0] === name);
    return inputs.includes(name) || casts.some(({ outputs }) => inputs.includes(outputs[0]!));
  }
}
