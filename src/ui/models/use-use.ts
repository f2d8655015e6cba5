import type { ChosenModel } from "../../editor/chosen-model.ts";
import { isRunning } from "../../editor/store.ts";
import { useApp, useSessionState } from "../session-context.ts";

/** Loads a model and leaves the dialog, so that what comes of it is seen. */
export function useUse() {
  const { session, page } = useApp();
  const isPossible = useSessionState(
    (state) =>
      state.machine.status === "ready" &&
      state.model.status !== "loading" &&
      state.busy === undefined &&
      !isRunning(state),
  );
  return {
    isPossible,
    load(chosen: ChosenModel): void {
      page.setState({ dialog: undefined });
      void session.chooseModel(chosen);
    },
  };
}
