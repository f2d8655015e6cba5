import { EMBEDDED_MODELS, embeddedModel, type EmbeddedModelId } from "../diffusion/embedded-models.ts";
import type { ModelSource, PickedFolder } from "../models/model-source.ts";

/** The model that is, or is to be, loaded. */
export type ChosenModel =
  | { readonly kind: "embedded"; readonly id: EmbeddedModelId }
  | { readonly kind: "stored"; readonly id: string }
  | ({ readonly kind: "folder" } & PickedFolder);

/** One that is still there after a reload; a folder has to be picked again. */
export type LastingModel = Exclude<ChosenModel, { kind: "folder" }>;

/** What saved data means, if it means a model. */
export function readModel(value: unknown): LastingModel | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kind, id } = value as Record<string, unknown>;
  if (kind === "stored" && typeof id === "string") return { kind, id };
  const known = EMBEDDED_MODELS.find((model) => model.id === id);
  return kind === "embedded" && known ? { kind, id: known.id } : undefined;
}

export const sourceOf = (chosen: ChosenModel, baseUrl: string): ModelSource =>
  chosen.kind === "embedded"
    ? { kind: "address", url: new URL(`${embeddedModel(chosen.id).folder}/`, baseUrl).href }
    : chosen;

export const isStored = (chosen: ChosenModel, id: string): boolean =>
  chosen.kind === "stored" && chosen.id === id;
