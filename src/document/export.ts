/** What of a document goes into a file. */
import { UserError } from "../core/errors.ts";
import type { ShDegree } from "../scene/attributes.ts";
import { concatDocuments, takeDocument, type SceneDocument } from "../scene/document.ts";
import { withShDegree } from "../scene/splats.ts";
import { layerOf, type Doc, type Layer } from "./document.ts";
import { countStates, isAlive, isSelected, needSelection, rowsWhere } from "./states.ts";

export interface ExportOptions {
  /** Leave out what is not selected. */
  readonly selectionOnly?: boolean;
  /** Keep at most this many bands of spherical harmonics. */
  readonly shDegree?: number;
  /** Ids of the layers to export; those that are shown unless given. */
  readonly layers?: readonly string[];
}

/** One scene of everything that is to be exported. Throws a UserError if that is nothing. */
export function exportedScene(doc: Doc, { selectionOnly = false, shDegree, layers }: ExportOptions = {}) {
  if (selectionOnly) needSelection(doc);
  const wanted = layers ? layers.map((id) => layerOf(doc, id)) : doc.layers.filter(({ visible }) => visible);
  const keep = (bits: number): boolean => isAlive(bits) && (!selectionOnly || isSelected(bits));
  const scenes = wanted.map((layer) => keptScene(layer, keep)).filter(({ splats }) => splats.count > 0);
  if (scenes.length === 0) {
    throw new UserError("There are no splats to export.", "Show a layer that has some, or undo a deletion.");
  }
  return withMaxShDegree(concatDocuments(scenes), shDegree);
}

/** Whether an export leaves nothing out that is shown. */
export function isWhole(doc: Doc, { selectionOnly, shDegree = 3, layers }: ExportOptions): boolean {
  return !selectionOnly && !layers && doc.layers.every(({ scene }) => scene.splats.shDegree <= shDegree);
}

function keptScene({ scene, state }: Layer, keep: (bits: number) => boolean): SceneDocument {
  const rows = rowsWhere(state, keep);
  return rows.length === scene.splats.count ? scene : takeDocument(scene, rows);
}

function withMaxShDegree(scene: SceneDocument, shDegree: number | undefined): SceneDocument {
  if (shDegree === undefined || shDegree >= scene.splats.shDegree) return scene;
  const degree = Math.max(0, Math.round(shDegree)) as ShDegree;
  return { ...scene, splats: withShDegree(scene.splats, degree) };
}

/** Whether both documents make the same file: selecting, hiding and locking splats changes nothing in it. */
export function sameFile(a: Doc, b: Doc): boolean {
  return (
    a.layers === b.layers ||
    (a.layers.length === b.layers.length &&
      a.layers.every((layer, i) => {
        const other = b.layers[i]!;
        const { scene, visible, name } = layer;
        const same = scene === other.scene && visible === other.visible && name === other.name;
        return same && sameDeleted(layer.state, other.state);
      }))
  );
}

const sameDeleted = (a: Uint8Array, b: Uint8Array): boolean =>
  a === b ||
  (countStates(a).alive === countStates(b).alive && a.every((bits, i) => isAlive(bits) === isAlive(b[i]!)));
