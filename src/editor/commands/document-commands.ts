import { commands } from "../../document/commands/index.ts";
import type { Group, PageCommand } from "./command.ts";
import { isIdleWithScene } from "./conditions.ts";
import type { KeymapId } from "./keymap.ts";

/** A command of the document that needs no more than a key or a click. */
interface Row {
  readonly id: string;
  readonly group: Group;
  readonly keys?: Readonly<Record<KeymapId, readonly string[]>>;
  readonly needs?: "selection" | "layers" | "proposal";
  /** What it does where there is more to it than the command. */
  readonly run?: PageCommand["run"];
}

const both = (...chords: string[]) => ({ supersplat: chords, blender: chords });

const ROWS: readonly Row[] = [
  { id: "select.all", group: "Select", keys: { supersplat: ["mod+a"], blender: ["a", "mod+a"] } },
  { id: "select.none", group: "Select", keys: { supersplat: ["mod+shift+a"], blender: ["alt+a"] } },
  { id: "select.invert", group: "Select", keys: both("mod+i") },
  { id: "select.grow", group: "Select", keys: both("mod++", "mod+="), needs: "selection" },
  { id: "select.shrink", group: "Select", keys: both("mod+-"), needs: "selection" },
  { id: "set.save", group: "Select", keys: both("mod+shift+s"), needs: "selection" },
  {
    id: "delete.selected",
    group: "Modify",
    keys: { supersplat: ["delete", "backspace"], blender: ["x", "delete"] },
    needs: "selection",
  },
  {
    id: "layer.duplicate-selection",
    group: "Modify",
    keys: { supersplat: ["shift+d"], blender: ["shift+d"] },
    needs: "selection",
  },
  {
    id: "layer.separate",
    group: "Modify",
    keys: { supersplat: ["shift+p"], blender: ["shift+p"] },
    needs: "selection",
  },
  { id: "hide.selected", group: "Modify", keys: { supersplat: ["j"], blender: ["h"] }, needs: "selection" },
  {
    id: "hide.others",
    group: "Modify",
    keys: { supersplat: ["alt+j"], blender: ["shift+h"] },
    needs: "selection",
  },
  { id: "hide.reveal", group: "Modify", keys: { supersplat: ["shift+j"], blender: ["alt+h"] } },
  {
    id: "lock.selected",
    group: "Modify",
    keys: { supersplat: ["h"], blender: ["mod+h"] },
    needs: "selection",
  },
  { id: "lock.release", group: "Modify", keys: { supersplat: ["shift+h"], blender: ["mod+shift+h"] } },
  {
    id: "layer.merge",
    group: "Modify",
    keys: { supersplat: ["mod+m"], blender: ["mod+j"] },
    needs: "layers",
  },
  { id: "transform.orient", group: "Modify", run: ({ session }) => void session.orient() },
  { id: "floaters.accept", group: "Modify", needs: "proposal" },
  { id: "floaters.discard", group: "Modify", needs: "proposal" },
];

const MET: Readonly<
  Record<
    NonNullable<Row["needs"]>,
    (document: { selected: number; layers: readonly unknown[]; proposed?: number }) => boolean
  >
> = {
  selection: ({ selected }) => selected > 0,
  layers: ({ layers }) => layers.length > 1,
  proposal: ({ proposed = 0 }) => proposed > 0,
};

export const documentCommands: readonly PageCommand[] = ROWS.map(({ id, group, keys, needs, run }) => {
  const { title, help } = commands.get(id);
  return {
    ...{ id, title, help, group },
    ...(keys && { keys }),
    isEnabled: (context) => {
      const { document } = context.session.store.getState();
      return isIdleWithScene(context) && document !== undefined && (!needs || MET[needs](document));
    },
    run: run ?? (({ session }) => void session.command(id)),
  };
});
