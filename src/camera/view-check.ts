/** Whether a view is worth training from, judged by a small picture of what it sees. */
import type { Sphere } from "../scene/bounds.ts";
import type { Camera } from "./camera.ts";
import { cameraCenter } from "./pose.ts";
import { project } from "./project.ts";
import { distance } from "./vec3.ts";

/** What a view's alpha and depth pictures say about it. */
export interface ViewStats {
  /** Mean alpha over the picture. */
  readonly alphaMean: number;
  /** Share of the picture covered by things right before the lens. */
  readonly nearShare: number;
  /** Share of the focus's disc behind something that stands well before it. */
  readonly blockedShare: number;
}

export interface ViewVerdict {
  readonly accepted: boolean;
  /** 0 for an accepted view; otherwise how far beyond its limits, to find the least bad of several. */
  readonly excess: number;
  /** In words, for a log. */
  readonly reasons: readonly string[];
}

/** Expected depth, depth/alpha, means little where hardly anything is. */
const MIN_ALPHA = 0.3;
/** Nearer than this share of the way to the focus is right before the lens. */
const LENS = 0.12;
/** Nearer than this share of the way to the focus's front is well before it. Ground that comes near stays below half. */
const BEFORE_FOCUS = 0.8;

interface Limit {
  readonly reason: string;
  /** Positive when broken. */
  excess(stats: ViewStats): number;
}
const LIMITS: readonly Limit[] = [
  { reason: "sees next to nothing", excess: ({ alphaMean }) => 0.03 - alphaMean },
  { reason: "something covers the lens", excess: ({ nearShare }) => nearShare - 0.15 },
  { reason: "something stands before the focus", excess: ({ blockedShare }) => blockedShare - 0.5 },
];

export function acceptView(stats: ViewStats): ViewVerdict {
  // Written so that statistics that are not numbers count as broken.
  const broken = LIMITS.map(({ reason, excess }) => ({ reason, by: excess(stats) })).filter(
    ({ by }) => !(by <= 0),
  );
  return {
    accepted: broken.length === 0,
    excess: broken.reduce((sum, { by }) => sum + (Number.isNaN(by) ? 1 : by), 0),
    reasons: broken.map(({ reason }) => reason),
  };
}

/** Reads the statistics off the rasterizer's alpha and (accumulated) depth pictures, both [H, W]. */
export function viewStats(
  alpha: Float32Array,
  depth: Float32Array,
  camera: Camera,
  focus: Sphere,
): ViewStats {
  const away = distance(cameraCenter(camera.worldToCamera), focus.center);
  const front = Math.max(away - focus.radius, 0);
  const disc = focusDisc(camera, focus);
  let alphaSum = 0;
  let near = 0;
  let inDisc = 0;
  let blocked = 0;
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    const coverage = alpha[pixel]!;
    const z = coverage >= MIN_ALPHA ? depth[pixel]! / coverage : Infinity;
    alphaSum += coverage;
    if (z < LENS * away) near++;
    if (!disc(pixel)) continue;
    inDisc++;
    if (z < BEFORE_FOCUS * front) blocked++;
  }
  return {
    alphaMean: alphaSum / alpha.length,
    nearShare: near / alpha.length,
    blockedShare: inDisc > 0 ? blocked / inDisc : 1,
  };
}

/** Which pixels the focus covers; of a large one, only its middle counts. */
function focusDisc(camera: Camera, focus: Sphere): (pixel: number) => boolean {
  const { width, height, fx } = camera;
  const middle = project(camera, focus.center);
  const radius = Math.min((0.7 * fx * focus.radius) / middle.depth, 0.35 * Math.min(width, height));
  return (pixel) => {
    const [x, y] = [(pixel % width) + 0.5, Math.floor(pixel / width) + 0.5];
    return middle.depth > 0 && Math.hypot(x - middle.x, y - middle.y) <= Math.max(radius, 1);
  };
}
