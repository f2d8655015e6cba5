import { EMBEDDED_MODELS } from "../../diffusion/embedded-models.ts";
import { isStored, type ChosenModel } from "../../editor/chosen-model.ts";
import { useModelsState, useSessionState } from "../session-context.ts";

export interface ModelChoice {
  readonly label: string;
  readonly chosen: ChosenModel;
}

const EMBEDDED: readonly ModelChoice[] = EMBEDDED_MODELS.map(({ id, label }) => ({
  label,
  chosen: { kind: "embedded", id },
}));

/** All models that could be loaded now, the one that is loaded among them. */
export function useModelChoices(): readonly ModelChoice[] {
  const chosen = useSessionState((state) => state.chosen);
  const stored = useModelsState((state) => state.stored);
  const complete = stored
    .filter(({ state, purpose, id }) => (state === "complete" && purpose === "model") || isStored(chosen, id))
    .map(({ id, title }): ModelChoice => ({ label: title, chosen: { kind: "stored", id } }));
  const folder: ModelChoice[] =
    chosen.kind === "folder" ? [{ label: `Folder “${chosen.name}”`, chosen }] : [];
  return [...EMBEDDED, ...complete, ...folder];
}
