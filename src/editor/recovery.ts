import type { EngineClient } from "../worker/client.ts";
import { forScene } from "./form.ts";
import type { Reporting } from "./reporting.ts";
import type { SessionStore } from "./store.ts";
import { EMPTY_TRACE } from "./trace.ts";

/** What the page can do with unsaved work of tabs that are gone. */
export interface RecoveryActions {
  /** Opens it in place of what is open. */
  recover(id: string): Promise<void>;
  discardRecovery(id: string): Promise<void>;
  /** Leaves it for the next visit. */
  postponeRecovery(): void;
}

export function createRecovery(
  engine: EngineClient,
  store: SessionStore,
  { say, report, attempt }: Reporting,
): RecoveryActions & { look(): Promise<void> } {
  const forget = (id: string): void =>
    store.setState(({ recovery }) => ({ recovery: recovery.filter((entry) => entry.id !== id) }));

  return {
    async look() {
      try {
        store.setState({ recovery: await engine.call("listRecovery", {}) });
      } catch (error) {
        report(error);
      }
    },
    async recover(id) {
      const scene = await attempt("Recovering …", () => engine.call("recover", { id }));
      if (!scene) return;
      forget(id);
      store.setState(({ form, demos }) => ({
        ...{ scene, file: undefined, demo: undefined, progress: undefined, trace: EMPTY_TRACE, runs: [] },
        form: forScene(form, scene, demos),
      }));
      say("info", `Recovered ${scene.name}.`);
    },
    async discardRecovery(id) {
      await attempt("Discarding …", () => engine.call("discardRecovery", { id }));
      forget(id);
    },
    postponeRecovery: () => store.setState({ recovery: [] }),
  };
}
