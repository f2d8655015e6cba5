import type { SessionState } from "../../editor/store.ts";
import { useSessionState } from "../session-context.ts";

type Example = { readonly source: string; readonly target: string };
const NONE: readonly Example[] = [];

/** Prompt pairs that are known to work: the open demo scene's, else the model's. */
export const useExamples = (): readonly Example[] => useSessionState(examplesOf);

function examplesOf({ demos, demo, model }: SessionState): readonly Example[] {
  const ofScene = demos.find(({ id }) => id === demo)?.edits ?? NONE;
  if (ofScene.length > 0) return ofScene;
  return model.status === "ready" ? model.value.examples : NONE;
}
