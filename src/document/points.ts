/** Splats of all layers as points in one space, to look for neighbours among. */
import { KdTree } from "../scene/kd-tree.ts";
import { isEditable, type Doc, type Layer, type Members } from "./document.ts";
import { isTouchable } from "./states.ts";

export interface Points {
  readonly positions: Float32Array; // [n, 3]
  /** Where each comes from. */
  readonly layers: Uint16Array; // [n] index among the document's layers
  readonly rows: Uint32Array; // [n]
  readonly count: number;
}

/** The splats that can be changed and that `keep`, as far as their positions are numbers. */
export function pointsOf(doc: Doc, keep: (layer: Layer) => (splat: number) => boolean): Points {
  const most = doc.layers.reduce((sum, { state }) => sum + state.length, 0);
  const positions = new Float32Array(3 * most);
  const layers = new Uint16Array(most);
  const rows = new Uint32Array(most);
  let count = 0;
  doc.layers.forEach((layer, index) => {
    if (!isEditable(layer)) return;
    const { means } = layer.scene.splats;
    const isKept = keep(layer);
    for (let i = 0; i < layer.state.length; i++) {
      if (!isTouchable(layer.state[i]!) || !isKept(i)) continue;
      const [x, y, z] = [means[3 * i]!, means[3 * i + 1]!, means[3 * i + 2]!];
      if (!Number.isFinite(x + y + z)) continue;
      positions[3 * count] = x;
      positions[3 * count + 1] = y;
      positions[3 * count + 2] = z;
      layers[count] = index;
      rows[count++] = i;
    }
  });
  return {
    positions: positions.subarray(0, 3 * count),
    layers: layers.subarray(0, count),
    rows: rows.subarray(0, count),
    count,
  };
}

export const treeOf = ({ positions }: Points): KdTree => new KdTree(positions);

/** Those of the points that `fits`, as members of their layers. */
export function membersOf(doc: Doc, points: Points, fits: (point: number) => boolean): Members {
  const masks = doc.layers.map(({ state }) => new Uint8Array(state.length));
  for (let k = 0; k < points.count; k++) if (fits(k)) masks[points.layers[k]!]![points.rows[k]!] = 1;
  return Object.fromEntries(doc.layers.map(({ id }, i) => [id, masks[i]!]));
}

/** How many places the typical spacing is measured at. */
const SAMPLES = 2000;

/** The median distance to the nearest neighbour; 0 for fewer than two points. */
export function typicalSpacing(points: Points, tree: KdTree): number {
  const stride = Math.max(1, Math.floor(points.count / SAMPLES));
  const distances: number[] = [];
  for (let k = 0; k < points.count; k += stride) {
    const [x, y, z] = points.positions.subarray(3 * k, 3 * k + 3) as unknown as [number, number, number];
    const distance = tree.kthNearest(x, y, z, 2); // after itself
    if (Number.isFinite(distance)) distances.push(distance);
  }
  distances.sort((a, b) => a - b);
  return distances[distances.length >> 1] ?? 0;
}
