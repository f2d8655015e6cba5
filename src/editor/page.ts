import { createStore, type StoreApi } from "zustand/vanilla";
import { EMBEDDED_MODELS } from "../diffusion/embedded-models.ts";
import type { SelectMode } from "../document/select.ts";
import type { LastingModel } from "./chosen-model.ts";
import { EMPTY_KEYS, type KeySettings } from "./commands/keymap.ts";
import type { Comparison } from "../worker/protocol.ts";
import type { Volume } from "./volume.ts";
import type { ToolId } from "./tools/tool.ts";
import { loadPreferences, savePreferences } from "./preferences.ts";

export type DockTab = "progress" | "history" | "edits" | "log";
export type Panel = "left" | "right" | "dock";

/** What stays between visits. */
export interface Preferences {
  readonly panels: Readonly<Record<Panel, boolean>>;
  readonly keys: KeySettings;
  /** Frame time, splats and size of the picture, over the viewport. */
  readonly showsPerformance: boolean;
  /** Gizmos move in steps; Ctrl does the opposite while it is held. */
  readonly snaps: boolean;
  /** The model that was chosen last. */
  readonly model: LastingModel;
  /** Bytes that the model may take; undefined where they are assumed. */
  readonly memoryBudget: number | undefined;
}

/** Each side's panel makes way for the other's where there is no room for both. */
const OTHER_SIDE: Partial<Readonly<Record<Panel, Panel>>> = { left: "right", right: "left" };

/** How the page stands, as opposed to the scene: nothing here can be undone or matters to an export. */
export interface PageState extends Preferences {
  readonly tab: DockTab;
  /** Whether there is room for only one side panel. */
  readonly isNarrow: boolean;
  /** Whether both were open before there was room for only one. */
  readonly hadBoth: boolean;
  readonly dialog: "palette" | "keys" | "models" | "media" | "address" | "export" | undefined;
  /** Orbit turns around the focus; fly walks with WASD. */
  readonly navigation: "orbit" | "fly";
  /** What the pointer draws with; it moves the camera without one. */
  readonly tool: ToolId | undefined;
  /** Of the brush, CSS pixels. */
  readonly brushRadius: number;
  /** How much colours may differ for eyedropper and flood, 0 to 1. */
  readonly tolerance: number;
  /** What a selection does with the one before, unless keys that are held say otherwise. */
  readonly selectMode: SelectMode;
  /** Select only what is seen, not what is behind it. */
  readonly surfaceOnly: boolean;
  /** Select what a shape touches rather than what has its centre in it. */
  readonly footprint: boolean;
  /** The sphere or box of the volume tools; undefined until there is a scene to put it into. */
  readonly volume: Volume | undefined;
  /** Whether the scene shows from where a run has looked at it last. */
  readonly showsViews: boolean;
  /** What the gizmo moves, and how. */
  readonly gizmo: GizmoMode | undefined;
  /** Whether the other side of the comparison is shown, while a key or button is held. */
  readonly showsOriginal: boolean;
  /** The share of the picture, from its left, that shows the other side beside the scene; undefined for none. */
  readonly wipe: number | undefined;
  /** The other side of comparisons. */
  readonly compareTo: Comparison;
  /** Reloads the page into the newer version that is ready; undefined while there is none. */
  readonly update: (() => void) | undefined;
}

export type GizmoMode = "translate" | "rotate" | "scale";

export type PageStore = StoreApi<PageState>;

const DEFAULTS: Preferences = {
  panels: { left: true, right: true, dock: true },
  keys: EMPTY_KEYS,
  showsPerformance: false,
  snaps: false,
  model: { kind: "embedded", id: EMBEDDED_MODELS[0].id },
  memoryBudget: undefined,
};
const KEPT = Object.keys(DEFAULTS) as readonly (keyof Preferences)[];
const preferencesOf = ({
  panels,
  keys,
  showsPerformance,
  snaps,
  model,
  memoryBudget,
}: Preferences): Preferences => ({ panels, keys, showsPerformance, snaps, model, memoryBudget });

/** Preferences come from `storage` and go back there whenever they change. */
export function createPage(storage: Pick<Storage, "getItem" | "setItem">): PageStore {
  const store = createStore<PageState>(() => ({
    ...loadPreferences(storage, DEFAULTS),
    tab: "progress",
    isNarrow: false,
    hadBoth: false,
    dialog: undefined,
    navigation: "orbit",
    tool: undefined,
    brushRadius: 24,
    tolerance: 0.15,
    selectMode: "set",
    surfaceOnly: false,
    footprint: false,
    volume: undefined,
    showsViews: false,
    gizmo: undefined,
    showsOriginal: false,
    wipe: undefined,
    compareTo: "original",
    update: undefined,
  }));
  store.subscribe((state, before) => {
    if (KEPT.some((key) => state[key] !== before[key])) savePreferences(storage, preferencesOf(state));
  });
  return store;
}

export function togglePanel(page: PageStore, panel: Panel, isOpen?: boolean): void {
  page.setState(({ panels, isNarrow }) => {
    const opens = isOpen ?? !panels[panel];
    const other = opens && isNarrow ? OTHER_SIDE[panel] : undefined;
    return { panels: { ...panels, ...(other && { [other]: false }), [panel]: opens } };
  });
}

/** Of two side panels that there is no room for any more, the edit's stays; where there is room again, both do. */
export function setNarrow(page: PageStore, isNarrow: boolean): void {
  const { left, right } = page.getState().panels;
  const hadBoth = isNarrow ? left && right : page.getState().hadBoth;
  page.setState({ isNarrow, hadBoth });
  if (isNarrow && right) togglePanel(page, "right", true);
  if (!isNarrow && hadBoth && (left || right))
    page.setState(({ panels }) => ({ panels: { ...panels, left: true, right: true } }));
}

const BRUSH = { min: 2, max: 300 };

export function scaleBrush(page: PageStore, factor: number): void {
  page.setState(({ brushRadius }) => ({
    brushRadius: Math.min(BRUSH.max, Math.max(BRUSH.min, Math.round(brushRadius * factor))),
  }));
}

/** Takes up a tool, or lays it down if it is the one in hand. */
export function toggleTool(page: PageStore, tool: ToolId): void {
  page.setState((state) => ({ tool: state.tool === tool ? undefined : tool, navigation: "orbit" }));
}
