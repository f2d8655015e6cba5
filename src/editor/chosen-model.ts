import { embeddedModel, type EmbeddedModelId } from "../diffusion/embedded-models.ts";
import type { ModelSource, PickedFolder } from "../models/model-source.ts";

/** The model that is, or is to be, loaded. */
export type ChosenModel =
  | { readonly kind: "embedded"; readonly id: EmbeddedModelId }
  | { readonly kind: "stored"; readonly id: string }
  | ({ readonly kind: "folder" } & PickedFolder);

export const sourceOf = (chosen: ChosenModel, baseUrl: string): ModelSource =>
  chosen.kind === "embedded"
    ? { kind: "address", url: new URL(`${embeddedModel(chosen.id).folder}/`, baseUrl).href }
    : chosen;

export const isStored = (chosen: ChosenModel, id: string): boolean =>
  chosen.kind === "stored" && chosen.id === id;
