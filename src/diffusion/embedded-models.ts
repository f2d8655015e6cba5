/** The models that come with the project, the first by default. */
export interface EmbeddedModel {
  readonly id: string;
  readonly label: string;
  /** In the repository, and below the page's address. */
  readonly folder: string;
}

export const EMBEDDED_MODELS = [
  { id: "mini", label: "Splatsmith mini, 128 px", folder: "models/mini" },
  { id: "mini-256", label: "Splatsmith mini, 256 px: sharper, for a GPU", folder: "models/mini-256" },
] as const satisfies readonly EmbeddedModel[];

export type EmbeddedModelId = (typeof EMBEDDED_MODELS)[number]["id"];

export const embeddedModel = (id: EmbeddedModelId): EmbeddedModel =>
  EMBEDDED_MODELS.find((model) => model.id === id)!;
