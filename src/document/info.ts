import type { Vec3 } from "../camera/camera.ts";
import type { HistoryList } from "../core/history.ts";
import { sceneMemory, type SceneMemory } from "../edit/scene-memory.ts";
import type { ShDegree } from "../scene/attributes.ts";
import type { Sphere } from "../scene/bounds.ts";
import type { Doc, EditRecord, Layer, Members } from "./document.ts";
import { countStates } from "./states.ts";

/** Everything a page shows of a document: numbers and names, no splats. */
export interface DocumentInfo {
  readonly layers: readonly LayerInfo[];
  /** Splats that are selected, and that are there at all; deleted ones are not. */
  readonly selected: number;
  readonly total: number;
  readonly sets: readonly { readonly id: string; readonly name: string; readonly count: number }[];
  /** Every edit from words that the history knows; `active` if it is in effect. */
  readonly edits: readonly EditInfo[];
  /** Splats that a clean-up proposes to delete; absent when none is proposed. */
  readonly proposed?: number;
  readonly up: Vec3;
  readonly focus: Sphere;
  readonly history: HistoryList;
  /** The command of the last change, if that was one: doing it again may amend it. */
  readonly amendable?: string;
  /** Whether anything has changed since the document was opened or exported. */
  readonly unsaved: boolean;
  /** What the layers that are shown take on the GPU, estimated. */
  readonly memory: SceneMemory;
}

export interface EditInfo extends Omit<EditRecord, "contributions"> {
  /** Not undone. */
  readonly active: boolean;
  /** Whether anything that is there now was changed by it. */
  readonly hasParts: boolean;
}

export interface LayerInfo {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  /** Not deleted. */
  readonly alive: number;
  readonly selected: number;
  readonly hidden: number;
  readonly lockedSplats: number;
  readonly visible: boolean;
  readonly locked: boolean;
  readonly shDegree: number;
}

export interface InfoContext extends Pick<DocumentInfo, "history" | "amendable" | "unsaved"> {
  /** Edits of documents that could be redone. */
  readonly future: readonly EditRecord[];
}

export function describeDocument(doc: Doc, { future, ...rest }: InfoContext): DocumentInfo {
  const layers = doc.layers.map(describeLayer);
  return {
    layers,
    selected: layers.reduce((sum, { selected }) => sum + selected, 0),
    total: layers.reduce((sum, { alive }) => sum + alive, 0),
    sets: doc.sets.map(({ id, name, members }) => ({ id, name, count: countMembers(members) })),
    edits: describeEdits(doc.edits, future),
    ...(doc.proposal && { proposed: countMembers(doc.proposal) }),
    ...doc.frame,
    ...rest,
    memory: memoryOf(doc.layers.filter(({ visible }) => visible)),
  };
}

function memoryOf(layers: readonly Layer[]): SceneMemory {
  const all = layers.map(({ scene }) => scene.splats);
  return sceneMemory({
    count: all.reduce((sum, { count }) => sum + count, 0),
    shDegree: all.reduce<ShDegree>((most, { shDegree }) => (shDegree > most ? shDegree : most), 0),
  });
}

function describeEdits(now: readonly EditRecord[], future: readonly EditRecord[]): EditInfo[] {
  const describe =
    (active: boolean) =>
    ({ contributions, ...rest }: EditRecord): EditInfo => {
      return { ...rest, active, hasParts: contributions.length > 0 };
    };
  const kept = now.filter(({ isRemoved }) => !isRemoved);
  const undone = new Map(future.map((edit) => [edit.id, edit]));
  for (const { id } of now) undone.delete(id);
  return [...kept.map(describe(true)), ...[...undone.values()].map(describe(false))];
}

function describeLayer({ id, name, scene, state, visible, locked }: Layer): LayerInfo {
  const { alive, selected, hidden, locked: lockedSplats } = countStates(state);
  const { count, shDegree } = scene.splats;
  return { id, name, count, alive, selected, hidden, lockedSplats, visible, locked, shDegree };
}

const counts = new WeakMap<Members, number>();

export function countMembers(members: Members): number {
  const known = counts.get(members);
  if (known !== undefined) return known;
  let count = 0;
  for (const mask of Object.values(members)) for (let i = 0; i < mask.length; i++) count += mask[i]!;
  counts.set(members, count);
  return count;
}
