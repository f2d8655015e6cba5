import { EMBEDDED_MODELS } from "../../diffusion/embedded-models.ts";
import { isStored, keyOf, type ChosenModel } from "../../editor/chosen-model.ts";
import type { SelectOption } from "../fields/SelectField.tsx";
import { useModelsState, useSession, useSessionState } from "../session-context.ts";

export interface ModelChoice extends SelectOption {
  readonly load: () => Promise<void>;
}

/** All models that could be loaded now, the one that is loaded among them. */
export function useModelChoices(): readonly ModelChoice[] {
  const session = useSession();
  const chosen = useSessionState((state) => state.chosen);
  const kept = useSessionState((state) => state.folder?.handle);
  const stored = useModelsState((state) => state.stored);
  const choice = (label: string, model: ChosenModel): ModelChoice => ({
    ...{ id: keyOf(model), label },
    load: () => session.chooseModel(model),
  });
  const embedded = EMBEDDED_MODELS.map(({ id, label }) => choice(label, { kind: "embedded", id }));
  const complete = stored
    .filter(({ state, purpose, id }) => (state === "complete" && purpose === "model") || isStored(chosen, id))
    .map(({ id, title }) => choice(title, { kind: "stored", id }));
  const folders = chosen.kind === "folder" ? [choice(folderLabel(chosen.name), chosen)] : [];
  const before = kept && {
    ...{ id: keyOf({ kind: "folder", name: kept.name }), label: folderLabel(kept.name) },
    load: () => session.chooseKeptFolder(),
  };
  if (before && !folders.some(({ id }) => id === before.id)) folders.push(before);
  return [...embedded, ...complete, ...folders];
}

export const folderLabel = (name: string): string => `Folder “${name}”`;
