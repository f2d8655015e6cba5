import { EMBEDDED_MODELS, embeddedModel, type EmbeddedModelId } from "../diffusion/embedded-models.ts";
import type { ModelSource, PickedFolder } from "../models/model-source.ts";

/** The model that is, or is to be, loaded. */
export type ChosenModel =
  | { readonly kind: "embedded"; readonly id: EmbeddedModelId }
  | { readonly kind: "stored"; readonly id: string }
  | ({ readonly kind: "folder" } & PickedFolder);

/** A model, or an encoder alone, whose encoder stands in for another's. */
export type ChosenEncoder = Exclude<ChosenModel, { kind: "embedded" }>;

/** What is known of a choice after a reload; a folder may have to be allowed again, or to be picked. */
export type LastingModel =
  Exclude<ChosenModel, { kind: "folder" }> | { readonly kind: "folder"; readonly name: string };

/** What saved data means, if it means a model. */
export function readModel(value: unknown): LastingModel | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kind, id, name } = value as Record<string, unknown>;
  if (kind === "folder" && typeof name === "string") return { kind, name };
  if (kind === "stored" && typeof id === "string") return { kind, id };
  const known = EMBEDDED_MODELS.find((model) => model.id === id);
  return kind === "embedded" && known ? { kind, id: known.id } : undefined;
}

export function sourceOf(chosen: ChosenModel, baseUrl: string): ModelSource {
  switch (chosen.kind) {
    case "embedded":
      return { kind: "address", url: new URL(`${embeddedModel(chosen.id).folder}/`, baseUrl).href };
    case "stored":
      return chosen;
    case "folder":
      return { kind: "folder", name: chosen.name, files: chosen.files };
  }
}

/** How a choice is told apart from others, and called where it has no title. */
export const nameOf = (chosen: ChosenModel | LastingModel): string =>
  chosen.kind === "folder" ? chosen.name : chosen.id;
export const keyOf = (chosen: ChosenModel | LastingModel): string => `${chosen.kind} ${nameOf(chosen)}`;

export const isStored = (chosen: ChosenModel | undefined, id: string): boolean =>
  chosen?.kind === "stored" && chosen.id === id;
