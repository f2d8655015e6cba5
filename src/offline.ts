import { registerSW } from "virtual:pwa-register";
import type { PageStore } from "./editor/page.ts";
import type { Reporting } from "./editor/reporting.ts";

/** Has the browser keep the page for when there is no network, and tells of newer versions. Never reloads by itself. */
export function keepOffline(page: PageStore, { say }: Pick<Reporting, "say">): void {
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  const update = registerSW({
    immediate: true,
    onOfflineReady: () => say("info", crossOriginIsolated ? READY : `${READY} ${RELOAD_ONCE}`),
    onNeedRefresh: () => page.setState({ update: () => void update(true) }),
    onRegisterError(error) {
      say("info", "This browser does not keep the page for offline use.");
      console.warn(error);
    },
  });
}

const READY = "Ready to work offline.";
/** The worker adds the headers that the server does not send, from the next load on. */
const RELOAD_ONCE = "Reloaded, the page also lets models on the CPU use all its cores.";
