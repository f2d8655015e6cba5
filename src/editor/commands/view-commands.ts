import { STANDARD_VIEWS } from "../../camera/standard-views.ts";
import { togglePanel, type Panel } from "../page.ts";
import { isRunning } from "../store.ts";
import type { CommandContext, PageCommand } from "./command.ts";
import { hasScene } from "./conditions.ts";

/** Whether there is a difference to see between the scene and its original. */
const isChanged = ({ session }: CommandContext): boolean => {
  const state = session.store.getState();
  return state.history.undo !== undefined || isRunning(state);
};

const panelCommand = (panel: Panel, name: string): PageCommand => ({
  id: `view.panel.${panel}`,
  title: `Show or hide ${name}`,
  group: "View",
  run: ({ page }) => togglePanel(page, panel),
});

export const viewCommands: readonly PageCommand[] = [
  {
    id: "view.frame",
    title: "Frame the selection or the whole",
    group: "View",
    keys: { supersplat: ["f"], blender: [".", "f"] },
    isEnabled: hasScene,
    run: ({ view }) => view.frame(),
  },
  {
    id: "view.reset",
    title: "Reset the camera",
    group: "View",
    keys: { supersplat: ["shift+f"], blender: ["home"] },
    isEnabled: hasScene,
    run: ({ view }) => view.reset(),
  },
  ...STANDARD_VIEWS.map(({ id, label, key }): PageCommand => ({
    id: `view.from.${id}`,
    title: `Look from the ${label.toLowerCase()}`,
    group: "View",
    ...(key && { keys: [key] }),
    isEnabled: hasScene,
    run: ({ view }) => view.lookFrom(id),
  })),
  {
    id: "view.turn-around",
    title: "Look from the other side",
    group: "View",
    keys: ["num9"],
    isEnabled: hasScene,
    run: ({ view }) => view.turnAround(),
  },
  {
    id: "view.fly",
    title: "Fly or orbit",
    group: "View",
    help: "Fly: W A S D to move, Q E down and up, Shift fast, Alt slow, drag to look around",
    keys: { supersplat: ["v"], blender: ["v", "shift+`", "~"] },
    isEnabled: hasScene,
    run: ({ page }) =>
      page.setState(({ navigation }) => ({ navigation: navigation === "fly" ? "orbit" : "fly" })),
  },
  {
    id: "view.original",
    title: "Show the original while held",
    group: "View",
    keys: ["\\"],
    isKeyOnly: true,
    isEnabled: isChanged,
    run: ({ page }) => page.setState({ showsOriginal: true }),
    release: ({ page }) => page.setState({ showsOriginal: false }),
  },
  {
    id: "view.wipe",
    title: "Compare with the original side by side",
    group: "View",
    help: "The original on the left of a line that can be dragged, the scene on its right",
    keys: ["y"],
    isEnabled: (context) => isChanged(context) || context.page.getState().wipe !== undefined,
    run: ({ page }) =>
      page.setState(({ wipe }) => ({ wipe: wipe === undefined ? 0.5 : undefined, compareTo: "original" })),
  },
  {
    id: "view.training-views",
    title: "Show or hide training views",
    group: "View",
    help: "From where the edit under way has looked at the scene last; the latest stands out",
    keys: ["shift+v"],
    run: ({ page }) => page.setState(({ showsViews }) => ({ showsViews: !showsViews })),
  },
  {
    id: "view.performance",
    title: "Show or hide performance",
    group: "View",
    keys: ["shift+i"],
    run: ({ page }) => page.setState(({ showsPerformance }) => ({ showsPerformance: !showsPerformance })),
  },
  panelCommand("left", "the scene panel"),
  panelCommand("right", "the edit panel"),
  panelCommand("dock", "progress and history"),
];
