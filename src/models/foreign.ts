/** Kinds of models that are laid out like ours and work otherwise, told by their small files before any weights. */
import { UserError } from "../core/errors.ts";

type Json = Readonly<Record<string, unknown>>;

interface Kind {
  readonly file: "model_index.json" | "unet/config.json";
  readonly is: (json: Json) => boolean;
  readonly says: string;
}

const className = (json: Json): string => String(json["_class_name"] ?? "");

const FOREIGN: readonly Kind[] = [
  { file: "model_index.json", is: (json) => /XL/.test(className(json)), says: "an SDXL model" },
  {
    file: "model_index.json",
    is: (json) => /LatentConsistency/.test(className(json)),
    says: "a latent consistency model",
  },
  {
    file: "model_index.json",
    is: (json) => /StableDiffusion3|Flux|PixArt|Sana|Hunyuan|Kandinsky|Wuerstchen/i.test(className(json)),
    says: "not a Stable Diffusion 1.x or 2.x model",
  },
  {
    file: "unet/config.json",
    is: (json) => json["addition_embed_type"] === "text_time",
    says: "an SDXL model",
  },
  {
    file: "unet/config.json",
    is: (json) => typeof json["time_cond_proj_dim"] === "number",
    says: "a latent consistency model",
  },
  { file: "unet/config.json", is: (json) => json["in_channels"] === 9, says: "a model for inpainting" },
];

/** Throws a UserError when the files tell of a model that we cannot run. `read` gives undefined for a missing one. */
export async function checkKind(
  name: string,
  read: (path: Kind["file"]) => Promise<Json | undefined>,
): Promise<void> {
  const files = {
    "model_index.json": await read("model_index.json"),
    "unet/config.json": await read("unet/config.json"),
  };
  const found = FOREIGN.find(({ file, is }) => files[file] && is(files[file]));
  if (!found) return;
  throw new UserError(
    `${name} is ${found.says}: its ${found.file} says so.`,
    "Use a Stable Diffusion 1.x or 2.x model.",
  );
}
