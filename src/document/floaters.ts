/**
 * Finds splats that are probably not part of anything: too faint to be seen, far larger than what is around them, or
 * away from their neighbours. How strict each test is follows from one strength; what it finds is only a proposal.
 */
import { pause } from "../core/pause.ts";
import type { KdTree } from "../scene/kd-tree.ts";
import { withoutProposal, type Doc } from "./document.ts";
import { countMembers } from "./info.ts";
import { MEASURES, type Measure } from "./measures.ts";
import { membersOf, pointsOf, treeOf, type Points } from "./points.ts";
import { isTouchable } from "./states.ts";

/** What the tests look at, of every splat that could be proposed. */
interface Features {
  readonly points: Points;
  readonly opacity: Float32Array; // [n]
  /** Longest axis over the distance to the eighth neighbour. A sky's splats are large, but so is what lies between. */
  readonly size: Float32Array; // [n]
  /** Distance to the eighth neighbour over what the splat itself spans. */
  readonly isolation: Float32Array; // [n]
}

const NEIGHBOURS = 8;
/** What each test lets pass at strength 0 and at strength 1; between them, on a logarithmic scale. */
const LIMITS = {
  opacity: [0.004, 0.12],
  size: [100, 8],
  isolation: [12, 1.8],
} as const;
type Limit = keyof typeof LIMITS;
const limitAt = (name: Limit, strength: number): number => {
  const [loose, strict] = LIMITS[name];
  return loose * (strict / loose) ** strength;
};

export interface FloaterReport {
  readonly count: number;
  /** How many each test found; a splat may fail several. */
  readonly faint: number;
  readonly huge: number;
  readonly isolated: number;
}

/** The document with a proposal of what to delete; `strength` from 0, only the plainest, to 1. */
export async function proposeFloaters(
  doc: Doc,
  strength: number,
): Promise<{ readonly doc: Doc; readonly report: FloaterReport }> {
  const { points, opacity, size, isolation } = await featuresOf(doc);
  const share = Math.min(1, Math.max(0, strength));
  const [faintest, hugest, loneliest] = [
    limitAt("opacity", share),
    limitAt("size", share),
    limitAt("isolation", share),
  ];
  const found = { faint: 0, huge: 0, isolated: 0 };
  const proposal = membersOf(doc, points, (k) => {
    const faint = opacity[k]! < faintest;
    const huge = size[k]! > hugest;
    const isolated = isolation[k]! > loneliest;
    if (faint) found.faint++;
    if (huge) found.huge++;
    if (isolated) found.isolated++;
    return faint || huge || isolated;
  });
  const count = countMembers(proposal);
  const proposed = count > 0 ? { ...doc, proposal } : withoutProposal(doc);
  return { doc: proposed, report: { count, ...found } };
}

/** Of the last document asked for: a slider asks again and again. */
let latest: { readonly key: readonly unknown[]; readonly features: Features } | undefined;

async function featuresOf(doc: Doc): Promise<Features> {
  const key = doc.layers.map(({ scene }) => scene.splats);
  const same = latest?.key.length === key.length && key.every((splats, i) => splats === latest!.key[i]);
  if (latest && same && isCurrent(doc, latest.features.points)) return latest.features;
  const features = await measure(
    doc,
    pointsOf(doc, () => () => true),
  );
  latest = { key, features };
  return features;
}

/** Whether the points are the splats that can be changed now. */
function isCurrent(doc: Doc, points: Points): boolean {
  const now = pointsOf(doc, () => () => true);
  if (now.count !== points.count) return false;
  for (let k = 0; k < points.count; k++) {
    if (!isTouchable(doc.layers[points.layers[k]!]!.state[points.rows[k]!]!)) return false;
  }
  return true;
}

async function measure(doc: Doc, points: Points): Promise<Features> {
  const valuesOf = (id: "opacity" | "scale"): Float32Array => {
    const measure: Measure = MEASURES[id];
    const readers = doc.layers.map(({ scene }) => measure.of(scene.splats, doc.frame));
    return Float32Array.from(points.rows, (row, k) => readers[points.layers[k]!]!(row));
  };
  const scales = valuesOf("scale");
  const distances = await kthDistances(treeOf(points), NEIGHBOURS);
  const typical = median(distances); // keeps splats on top of each other from being infinitely far out
  return {
    points,
    opacity: valuesOf("opacity"),
    size: scales.map((scale, k) => scale / (distances[k]! + typical)),
    isolation: distances.map((distance, k) => distance / (scales[k]! + typical)),
  };
}

/** Points between two pauses. */
const CHUNK = 1 << 15;

/** In pieces, so that frames are drawn meanwhile. */
async function kthDistances(tree: KdTree, k: number): Promise<Float32Array> {
  const distances = new Float32Array(tree.size);
  for (let from = 0; from < tree.size; from += CHUNK) {
    tree.kthDistances(k, distances, from, from + CHUNK);
    await pause();
  }
  return distances;
}

function median(values: Float32Array): number {
  const finite = values.filter(Number.isFinite).sort();
  return finite[finite.length >> 1] ?? 1;
}
