/**
 * What is being worked on, as an immutable value. A command maps one document to the next; undo is the value before.
 * Arrays that a command does not change are shared between the two, so history costs only what differs.
 */
import type { Vec3 } from "../camera/camera.ts";
import { UserError } from "../core/errors.ts";
import type { Sphere } from "../scene/bounds.ts";
import type { SceneDocument } from "../scene/document.ts";
import { contributionsOf, withinBytes, type Contribution } from "./contributions.ts";

/**
 * Bits of a splat's state. A selected splat is none of the others, and its layer is shown and not locked: hiding,
 * locking and deleting take it out of the selection. Twin: shaders/view/state.wgsl.
 */
export const STATE = { selected: 1, hidden: 2, locked: 4, deleted: 8 } as const;
/** A splat with any of these can be neither selected nor changed. */
export const UNTOUCHABLE = STATE.hidden | STATE.locked | STATE.deleted;

/** Splats that belong together: an opened file, or what was separated from one. Rows keep their places for good. */
export interface Layer {
  readonly id: string;
  readonly name: string;
  readonly scene: SceneDocument;
  /** STATE bits of each splat. */
  readonly state: Uint8Array; // [N]
  readonly visible: boolean;
  /** Nothing in it can be selected or changed. */
  readonly locked: boolean;
}

/** Splats of some layers, by layer id; 1 for each that belongs to it. */
export type Members = Readonly<Record<string, Uint8Array>>; // [N] each

/** A selection that was given a name. */
export interface NamedSet {
  readonly id: string;
  readonly name: string;
  readonly members: Members;
}

/** An edit from words that is part of the document as it is. */
export interface EditRecord {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly method: string;
  readonly steps: number;
  readonly seed: number;
  /** Off where the scene is shown, edited and exported without it. */
  readonly isOn: boolean;
  /** Off for good, and kept only for the sake of later ones. */
  readonly isRemoved?: true;
  readonly contributions: readonly Contribution[];
  /** The scene right after it, as the bytes of a picture file. */
  readonly thumbnail?: Uint8Array;
}

/** Where the scene is and which way is up. */
export interface Frame {
  readonly up: Vec3;
  readonly focus: Sphere;
}

export interface Doc {
  /** In drawing order of equal depths, and as a list shows them. */
  readonly layers: readonly Layer[];
  readonly sets: readonly NamedSet[];
  readonly edits: readonly EditRecord[];
  readonly frame: Frame;
  /** Splats that a clean-up would delete, shown until it is accepted or discarded. */
  readonly proposal?: Members;
  /** Number of the next id, never given twice. */
  readonly nextId: number;
}

/** A document of one opened scene. */
export const documentOf = (scene: SceneDocument, { up, focus }: Frame): Doc =>
  addLayer({ layers: [], sets: [], edits: [], frame: { up, focus }, nextId: 1 }, scene);

/** Appends a layer of splats that nobody has touched. */
export function addLayer(doc: Doc, scene: SceneDocument, name = scene.name): Doc {
  const layer: Layer = {
    id: `layer-${doc.nextId}`,
    name,
    scene,
    state: new Uint8Array(scene.splats.count),
    visible: true,
    locked: false,
  };
  return { ...doc, layers: [...doc.layers, layer], nextId: doc.nextId + 1 };
}

/** Throws a UserError for a layer that is not there. */
export function layerOf(doc: Doc, id: string): Layer {
  const layer = doc.layers.find((candidate) => candidate.id === id);
  if (layer) return layer;
  throw new UserError(
    `There is no layer “${id}”.`,
    doc.layers.length > 0 ? `Choose one of ${doc.layers.map((known) => known.id).join(", ")}.` : "",
  );
}

/** The same document with other layers in place of its own; the same value if none differs. */
export function mapLayers(doc: Doc, change: (layer: Layer) => Layer): Doc {
  const layers = doc.layers.map(change);
  return layers.every((layer, i) => layer === doc.layers[i]) ? doc : { ...doc, layers };
}

/** Changes the layer of that id. Throws a UserError for one that is not there. */
export function changeLayer(doc: Doc, id: string, change: (layer: Layer) => Layer): Doc {
  const wanted = layerOf(doc, id);
  return mapLayers(doc, (layer) => (layer === wanted ? change(layer) : layer));
}

export const isEditable = ({ visible, locked }: Layer): boolean => visible && !locked;

/** The document without its proposal. */
export function withoutProposal(doc: Doc): Doc {
  if (!doc.proposal) return doc;
  const { proposal: _, ...rest } = doc;
  return rest;
}

/** Beyond this, the oldest edits from words cannot be switched any more; the newest always can. */
const EDIT_BYTES = 1 << 30;

/** Appends an edit from words, which has made `after` of `before`. */
export function addEdit(
  before: Doc,
  after: Doc,
  edit: Omit<EditRecord, "id" | "isOn" | "isRemoved" | "contributions">,
): Doc {
  const contributions = contributionsOf(before, after);
  const added: EditRecord = { id: `edit-${after.nextId}`, ...edit, isOn: true, contributions };
  const edits = withinBytes([...after.edits, added], EDIT_BYTES);
  return { ...after, edits, nextId: after.nextId + 1 };
}

/** Throws a UserError for an edit that is not in effect. */
export function editOf(doc: Doc, id: string): EditRecord {
  const edits = doc.edits.filter(({ isRemoved }) => !isRemoved);
  const edit = edits.find((candidate) => candidate.id === id);
  if (edit) return edit;
  throw new UserError(
    `There is no edit “${id}” in the scene.`,
    edits.length > 0 ? `Choose one of ${edits.map((known) => known.id).join(", ")}.` : "",
  );
}
