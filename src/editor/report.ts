import { toSettings } from "./form.ts";
import type { SessionState } from "./store.ts";

/** Everything somebody needs who is to find out what went wrong, as text. No splats, no file names but the scene's. */
export function reportOf(state: SessionState, userAgent: string): string {
  const { machine, model, document, form, log } = state;
  const { source, target, ...settings } = toSettings(form);
  return [
    "Splatsmith report",
    `Browser: ${userAgent}`,
    `GPU: ${machine.status === "ready" ? `${machine.value.adapter}${machine.value.isSoftware ? " (software)" : ""}` : machine.status}`,
    `Model: ${model.status === "ready" ? `${model.value.name} on ${model.value.provider}` : model.status}`,
    `Scene: ${document ? document.layers.map(({ name, count }) => `${name} (${count} splats)`).join(", ") : "none"}`,
    `Words: “${source}” → “${target}”`,
    `Settings: ${JSON.stringify(settings)}`,
    "",
    ...log.map(({ time, level, text }) => `${new Date(time).toISOString()} ${level} ${text}`),
  ].join("\n");
}
