/** The edits that methods are compared by: one set to choose settings on, another to report on. */
import { ATTRIBUTE_NAMES, captionOf, isHeldOut } from "../../cli/scenes/attributes.ts";
import type { AttributeName, Attributes } from "../../cli/scenes/attributes.ts";
import { registry } from "../../core/registry.ts";
import { editScenes } from "./edit-scenes.ts";

export type EditSet = "tuning" | "report";

/** What an edit asks for, and so what may be asked of it. A colour is a material that a plain colour word names. */
export const GROUPS = ["colour", "material", "kind", "ground", "light", "style"] as const;
export type EditGroup = (typeof GROUPS)[number];

/** What should stay as it is to the pixel: all that is not the object, the object, or nothing. */
export type Keeps = "outside" | "object" | "nothing";

export interface Edit {
  readonly id: string;
  readonly set: EditSet;
  /** Id of the scene. */
  readonly scene: string;
  readonly group: EditGroup;
  /** What the scene shows, and what it shall show. */
  readonly from: Attributes;
  readonly to: Attributes;
  /** The prompts. */
  readonly source: string;
  readonly target: string;
  /** The attributes that must change, and those that must not. */
  readonly changes: readonly AttributeName[];
  readonly holds: readonly AttributeName[];
  readonly keeps: Keeps;
  /** Whether the model was never shown the target's kind, material and ground together. */
  readonly heldOut: boolean;
  /** Of the small subset, which needs no scene that is still to be made. */
  readonly quick: boolean;
}

interface Row {
  readonly set: EditSet;
  readonly scene: string;
  /** One attribute, and what it becomes. */
  readonly change: Partial<Attributes>;
  readonly quick?: boolean;
}

const ROWS: readonly Row[] = [
  { set: "tuning", scene: "purple-ball", change: { material: "yellow" } },
  { set: "tuning", scene: "purple-ball", change: { material: "stone" } },
  { set: "tuning", scene: "purple-ball", change: { kind: "apple" } },
  { set: "tuning", scene: "purple-ball", change: { kind: "mushroom" } },
  { set: "tuning", scene: "purple-ball", change: { ground: "sand" } },
  { set: "tuning", scene: "purple-ball", change: { time: "sunset" } },
  { set: "tuning", scene: "blue-mushroom", change: { material: "red" } },
  { set: "tuning", scene: "blue-mushroom", change: { material: "gold" } },
  { set: "tuning", scene: "blue-mushroom", change: { kind: "snowman" } },
  { set: "tuning", scene: "blue-mushroom", change: { kind: "tree" } },
  { set: "tuning", scene: "blue-mushroom", change: { ground: "table" } },
  { set: "tuning", scene: "blue-mushroom", change: { style: "watercolor" } },

  { set: "report", scene: "red-apple", change: { material: "blue" }, quick: true },
  { set: "report", scene: "red-apple", change: { kind: "pumpkin" }, quick: true },
  { set: "report", scene: "red-apple", change: { ground: "snow" }, quick: true },
  { set: "report", scene: "red-apple", change: { time: "night" } },
  { set: "report", scene: "pumpkin", change: { material: "purple" } },
  { set: "report", scene: "pumpkin", change: { material: "checkered" } },
  { set: "report", scene: "pumpkin", change: { style: "watercolor" } },
  { set: "report", scene: "yellow-duck", change: { material: "blue" } },
  { set: "report", scene: "yellow-duck", change: { kind: "teapot" } },
  { set: "report", scene: "red-cube", change: { material: "checkered" } },
  { set: "report", scene: "red-cube", change: { kind: "pumpkin" } },
  { set: "report", scene: "red-cube", change: { ground: "grass" } },
  { set: "report", scene: "green-teapot", change: { material: "white" } },
  { set: "report", scene: "green-teapot", change: { kind: "mushroom" } },
  { set: "report", scene: "green-teapot", change: { ground: "sand" } },
  { set: "report", scene: "yellow-donut", change: { material: "gold" } },
  { set: "report", scene: "yellow-donut", change: { kind: "ball" } },
  { set: "report", scene: "yellow-donut", change: { ground: "snow" } },
];

function editOf({ set, scene, change, quick = false }: Row): Edit {
  const { seed: _, ...from } = editScenes.get(scene).still;
  const to = { ...from, ...change };
  const changes = ATTRIBUTE_NAMES.filter((name) => from[name] !== to[name]);
  const group = groupOf(changes[0]!, to);
  return {
    ...{
      id: `${scene}-${changes.map((name) => to[name]).join("-")}`,
      set,
      scene,
      group,
      from,
      to,
      changes,
      quick,
    },
    source: captionOf(from),
    target: captionOf(to),
    holds: ATTRIBUTE_NAMES.filter((name) => !changes.includes(name)),
    keeps: KEEPS[group],
    heldOut: isHeldOut(to),
  };
}

const COLOURS = ["red", "blue", "green", "yellow", "purple", "white"];

function groupOf(change: AttributeName, to: Attributes): EditGroup {
  switch (change) {
    case "material":
      return COLOURS.includes(to.material) ? "colour" : "material";
    case "time":
      return "light";
    default:
      return change;
  }
}

const KEEPS: Readonly<Record<EditGroup, Keeps>> = {
  colour: "outside",
  material: "outside",
  kind: "outside",
  ground: "object",
  light: "nothing",
  style: "nothing",
};

export const edits = registry<Edit>("edit", ROWS.map(editOf));
