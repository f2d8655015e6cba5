import { scaleBrush, toggleTool, type GizmoMode } from "../page.ts";
import type { ToolId } from "../tools/tool.ts";
import type { PageCommand } from "./command.ts";
import { hasScene, isIdleWithScene } from "./conditions.ts";
import type { KeymapId } from "./keymap.ts";

type Keys = Readonly<Record<KeymapId, readonly string[]>>;

interface ToolRow {
  readonly id: ToolId;
  readonly title: string;
  readonly help: string;
  readonly keys: Keys;
}

/** In the order of the tool strip. */
export const TOOLS: readonly ToolRow[] = [
  {
    id: "rectangle",
    title: "Rectangle selection",
    help: "Drag a rectangle over what you want",
    keys: { supersplat: ["r"], blender: ["b"] },
  },
  {
    id: "lasso",
    title: "Lasso selection",
    help: "Draw around what you want",
    keys: { supersplat: ["l"], blender: ["l"] },
  },
  {
    id: "polygon",
    title: "Polygon selection",
    help: "Click corners, and the first again or Enter to close; Backspace takes one back",
    keys: { supersplat: ["p"], blender: ["p"] },
  },
  {
    id: "brush",
    title: "Brush selection",
    help: "Paint over what you want; [ and ] change its size",
    keys: { supersplat: ["b"], blender: ["c"] },
  },
  {
    id: "flood",
    title: "Flood selection",
    help: "Click something: what is connected to it and of a similar colour",
    keys: { supersplat: ["o"], blender: ["o"] },
  },
  {
    id: "eyedropper",
    title: "Colour selection",
    help: "Click a colour: everything that looks like it from here",
    keys: { supersplat: ["mod+e"], blender: ["mod+e"] },
  },
  {
    id: "sphere",
    title: "Sphere volume",
    help: "Select, crop or edit inside a ball",
    keys: { supersplat: ["shift+b"], blender: ["shift+b"] },
  },
  {
    id: "box",
    title: "Box volume",
    help: "Select, crop or edit inside a box",
    keys: { supersplat: ["x"], blender: ["alt+b"] },
  },
];

const GIZMOS: readonly { readonly id: GizmoMode; readonly title: string; readonly keys: Keys }[] = [
  { id: "translate", title: "Move", keys: { supersplat: ["1"], blender: ["g"] } },
  { id: "rotate", title: "Rotate", keys: { supersplat: ["2"], blender: ["r"] } },
  { id: "scale", title: "Scale", keys: { supersplat: ["3"], blender: ["s"] } },
];

export const toolCommands: readonly PageCommand[] = [
  ...TOOLS.map(({ id, title, help, keys }): PageCommand => ({
    ...{ id: `tool.${id}`, title, help, keys, group: "Select" },
    isEnabled: isIdleWithScene,
    run: ({ page }) => toggleTool(page, id),
  })),
  {
    id: "tool.none",
    title: "Lay the tool down",
    group: "Select",
    keys: ["escape"],
    isKeyOnly: true,
    isEnabled: ({ page }) => {
      const { tool, navigation, gizmo } = page.getState();
      return tool !== undefined || gizmo !== undefined || navigation === "fly";
    },
    run: ({ page }) => page.setState({ tool: undefined, gizmo: undefined, navigation: "orbit" }),
  },
  ...(["smaller", "larger"] as const).map((which): PageCommand => ({
    id: `tool.brush.${which}`,
    title: which === "smaller" ? "Smaller brush" : "Larger brush",
    group: "Select",
    keys: [which === "smaller" ? "[" : "]"],
    isKeyOnly: true,
    repeats: true,
    run: ({ page }) => scaleBrush(page, which === "smaller" ? 1 / 1.15 : 1.15),
  })),
  {
    id: "select.surface",
    title: "Select only what is seen",
    group: "Select",
    help: "Leaves out what lies behind the surface",
    keys: ["n"],
    isEnabled: hasScene,
    run: ({ page }) => page.setState(({ surfaceOnly }) => ({ surfaceOnly: !surfaceOnly })),
  },
  {
    id: "select.footprint",
    title: "Select by footprint or by centre",
    group: "Select",
    help: "Footprint: all that a shape touches. Centre: what has its middle in it",
    keys: ["m"],
    isEnabled: hasScene,
    run: ({ page }) => page.setState(({ footprint }) => ({ footprint: !footprint })),
  },
  ...GIZMOS.map(({ id, title, keys }): PageCommand => ({
    ...{ id: `gizmo.${id}`, title, keys, group: "Modify" },
    help: "With a gizmo in the view: the selection, or the whole where nothing is selected",
    isEnabled: isIdleWithScene,
    run: ({ page }) => page.setState(({ gizmo }) => ({ gizmo: gizmo === id ? undefined : id })),
  })),
  {
    id: "gizmo.snap",
    title: "Snap to steps",
    group: "Modify",
    help: "Gizmos move, turn and scale in steps; Ctrl does the opposite while it is held",
    keys: { supersplat: ["shift+s"], blender: ["shift+tab"] },
    isEnabled: hasScene,
    run: ({ page }) => page.setState(({ snaps }) => ({ snaps: !snaps })),
  },
];
