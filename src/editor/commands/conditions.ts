import { isRunning } from "../store.ts";
import type { CommandContext } from "./command.ts";

/** When commands make sense, for their `isEnabled`. */
export const isIdle = ({ session }: CommandContext): boolean => {
  const state = session.store.getState();
  return state.machine.status === "ready" && !isRunning(state) && state.busy === undefined;
};

export const hasScene = ({ session }: CommandContext): boolean =>
  session.store.getState().scene !== undefined;

export const isIdleWithScene = (context: CommandContext): boolean => isIdle(context) && hasScene(context);
