import { isRunning, type SessionState } from "./store.ts";

/** Why an edit cannot start now, in words; undefined if it can. */
export function obstacleTo(state: SessionState): string | undefined {
  const { machine, model, scene, busy, form } = state;
  if (isRunning(state)) return "An edit is under way.";
  if (machine.status !== "ready") return "Needs a GPU.";
  if (!scene) return "Open a scene first.";
  if (model.status === "loading") return "The model is loading …";
  if (model.status === "failed") return "The model could not be loaded.";
  if (busy) return busy;
  if (!form.source.trim() || !form.target.trim()) return "Say what the scene shows and what it should show.";
  return undefined;
}
