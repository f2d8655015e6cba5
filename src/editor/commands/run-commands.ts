import { obstacleTo } from "../obstacle.ts";
import { isLastRunInEffect } from "../runs.ts";
import { isRunning } from "../store.ts";
import type { CommandContext, PageCommand } from "./command.ts";
import { isIdle } from "./conditions.ts";

const runState = ({ session }: CommandContext) => session.store.getState().runState;
const isGoing = (context: CommandContext): boolean => ["ready", "running"].includes(runState(context));
const isHeld = (context: CommandContext): boolean => runState(context) === "paused";

export const runCommands: readonly PageCommand[] = [
  {
    id: "run.start",
    title: "Start the edit",
    group: "Run",
    help: "Change the scene as the words say",
    keys: ["mod+enter"],
    isEnabled: ({ session }) => obstacleTo(session.store.getState()) === undefined,
    run: ({ session, page }) => {
      page.setState({ tab: "progress" });
      void session.edit();
    },
  },
  {
    id: "run.pause",
    title: "Pause or resume the edit",
    group: "Run",
    keys: ["space"],
    isEnabled: (context) => isGoing(context) || isHeld(context),
    run: (context) => (isHeld(context) ? context.session.resume() : context.session.pause()),
  },
  {
    id: "run.stop",
    title: "Stop and keep the edit",
    group: "Run",
    help: "End it now and keep what it has done, as one change that can be undone",
    keys: ["mod+shift+enter"],
    isEnabled: (context) => isGoing(context) || isHeld(context),
    run: ({ session }) => session.stop(),
  },
  {
    id: "run.cancel",
    title: "Cancel the edit and restore the scene",
    group: "Run",
    help: "Everything goes back exactly as it was",
    isEnabled: (context) => isRunning(context.session.store.getState()) && runState(context) !== "cancelling",
    run: ({ session }) => session.cancel(),
  },
  {
    id: "run.next-seed",
    title: "Try again with another seed",
    group: "Run",
    help: "Takes the edit back and runs it again from the next seed",
    keys: ["shift+n"],
    isEnabled: (context) =>
      isGoing(context) ||
      isHeld(context) ||
      (isIdle(context) && isLastRunInEffect(context.session.store.getState())),
    run: ({ session, page }) => {
      page.setState({ tab: "progress" });
      void session.tryNextSeed();
    },
  },
];
