import { ASSUMED_BYTES, gigabytes } from "../diffusion/memory-plan.ts";
import type { SessionState } from "./store.ts";

/** What is told before an edit that may want more memory than the GPU has; undefined where it should fit. */
export function memoryWarning({
  model,
  document,
  form,
  memoryBudget = ASSUMED_BYTES,
}: Pick<SessionState, "model" | "document" | "memoryBudget"> & {
  readonly form: Pick<SessionState["form"], "size">;
}): string | undefined {
  if (model.status !== "ready" || !document) return undefined;
  const { provider, memory } = model.value;
  const networks = provider === "webgpu" ? (memory.find(({ side }) => side === form.size)?.bytes ?? 0) : 0;
  const scene = document.memory.edited;
  if (networks + scene <= memoryBudget) return undefined;
  return (
    `This edit takes about ${gigabytes(networks + scene)} on the GPU, ${gigabytes(scene)} of it for the scene. ` +
    `If there is less, hide layers, delete splats or choose a smaller view size first.`
  );
}
