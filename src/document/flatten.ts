/** One scene of everything that is drawn, for an edit to work on, and its result brought back into the layers. */
import {
  ATTRIBUTES,
  attributeWidth,
  shCoefficients,
  type ShDegree,
  type Splats,
} from "../scene/attributes.ts";
import { concatSplats, sameBits, takeSplats, withShDegree } from "../scene/splats.ts";
import { withSplats } from "../scene/document.ts";
import { mapLayers, STATE, type Doc, type Layer } from "./document.ts";
import { isSelected, isTouchable, rowsWhere } from "./states.ts";

export interface FlatScene {
  readonly splats: Splats;
  readonly antialiased: boolean;
  /** Which rows of which layer follow each other in `splats`; all of them where no rows are named. */
  readonly parts: readonly FlatPart[];
}

interface FlatPart {
  readonly layer: Layer;
  readonly rows?: Uint32Array;
}

const isDrawn = (bits: number): boolean => (bits & (STATE.hidden | STATE.deleted)) === 0;

/** Splats of shown layers that are neither hidden nor deleted. A lone layer of nothing else keeps its arrays. */
export function flatten(doc: Doc): FlatScene {
  const parts = doc.layers
    .filter(({ visible }) => visible)
    .map((layer): FlatPart => {
      const rows = rowsWhere(layer.state, isDrawn);
      return rows.length === layer.state.length ? { layer } : { layer, rows };
    });
  const splats = parts.map(({ layer: { scene }, rows }) =>
    rows ? takeSplats(scene.splats, rows) : scene.splats,
  );
  return {
    splats: splats.length === 1 ? splats[0]! : concatSplats(splats),
    antialiased: parts[0]?.layer.scene.metadata.antialiased ?? false,
    parts,
  };
}

/** One 1 for each splat of the flat scene that may change: not locked, and selected if only those may. */
export function touchableMask({ splats, parts }: FlatScene, selectedOnly: boolean): Uint32Array {
  const mask = new Uint32Array(splats.count);
  let at = 0;
  for (const { layer, rows } of parts) {
    const { state, locked } = layer;
    const count = rows?.length ?? state.length;
    for (let k = 0; k < count; k++) {
      const bits = state[rows ? rows[k]! : k]!;
      mask[at++] = !locked && isTouchable(bits) && (!selectedOnly || isSelected(bits)) ? 1 : 0;
    }
  }
  return mask;
}

/** The document with other values for the splats of its flat scene. Arrays that have not changed are kept. */
export function unflatten(doc: Doc, flat: FlatScene, result: Splats): Doc {
  const next = new Map<string, Layer>();
  let at = 0;
  for (const { layer, rows } of flat.parts) {
    const { scene } = layer;
    const count = rows?.length ?? scene.splats.count;
    const splats = withRows(scene.splats, sliceSplats(result, at, count), rows);
    next.set(layer.id, splats === scene.splats ? layer : { ...layer, scene: withSplats(scene, splats) });
    at += count;
  }
  return mapLayers(doc, (layer) => next.get(layer.id) ?? layer);
}

/** Splats `start … start + count`, as views. */
function sliceSplats(splats: Splats, start: number, count: number): Splats {
  const arrays = ATTRIBUTES.map((attribute) => {
    const width = attributeWidth(attribute, splats.shDegree);
    return [attribute, splats[attribute].subarray(start * width, (start + count) * width)] as const;
  });
  return { ...splats, ...Object.fromEntries(arrays), count };
}

/** `splats` with `values` at the rows, or everywhere; arrays of the same bits are shared. */
function withRows(splats: Splats, values: Splats, rows: Uint32Array | undefined): Splats {
  const shDegree = usesBandsBeyond(values, splats.shDegree) ? values.shDegree : splats.shDegree;
  const before = withShDegree(splats, shDegree);
  const fitted = withShDegree(values, shDegree);
  const changed = ATTRIBUTES.flatMap((attribute) => {
    const after = rows ? placed(before[attribute], fitted[attribute], rows) : fitted[attribute];
    if (sameBits(before[attribute], after)) return [];
    // A view on all splats of the edit would keep them all in memory.
    return [[attribute, after.byteLength === after.buffer.byteLength ? after : after.slice()] as const];
  });
  return changed.length > 0 ? { ...before, ...Object.fromEntries(changed) } : before;
}

/** Whether an edit among splats of a higher degree has given these some of it. */
function usesBandsBeyond({ sh, shDegree, count }: Splats, degree: ShDegree): boolean {
  if (shDegree <= degree) return false;
  const [width, from] = [3 * shCoefficients(shDegree), 3 * shCoefficients(degree)];
  for (let i = 0; i < count; i++) {
    for (let k = i * width + from; k < (i + 1) * width; k++) if (sh[k] !== 0) return true;
  }
  return false;
}

function placed(before: Float32Array, values: Float32Array, rows: Uint32Array): Float32Array {
  const after = before.slice();
  const width = rows.length > 0 ? values.length / rows.length : 0;
  for (let k = 0; k < rows.length; k++) {
    const to = rows[k]! * width;
    for (let c = 0; c < width; c++) after[to + c] = values[k * width + c]!;
  }
  return after;
}
