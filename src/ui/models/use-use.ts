import type { ChosenEncoder, ChosenModel } from "../../editor/chosen-model.ts";
import { isRunning } from "../../editor/store.ts";
import { useApp, useSessionState } from "../session-context.ts";

/** Loads a model, or one with another encoder, and leaves the dialog, so that what comes of it is seen. */
export function useUse() {
  const { session, page } = useApp();
  const isPossible = useSessionState(
    (state) =>
      state.machine.status === "ready" &&
      state.model.status !== "loading" &&
      state.busy === undefined &&
      !isRunning(state),
  );
  const leaving = (load: () => Promise<void>): void => {
    page.setState({ dialog: undefined });
    void load();
  };
  return {
    isPossible,
    load: (chosen: ChosenModel): void => leaving(() => session.chooseModel(chosen)),
    loadKept: (): void => leaving(() => session.chooseKeptFolder()),
    loadEncoder: (encoder: ChosenEncoder): void => leaving(() => session.chooseEncoder(encoder)),
  };
}
