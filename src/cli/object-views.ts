/** A scene from all around, with which pixels show the object it is about: to measure what an edit did, and where. */
import type { Camera } from "../camera/camera.ts";
import { dilate, invertMask, meanColor, psnr } from "../core/image-metrics.ts";
import type { Gpu } from "../gpu/device.ts";
import { readFloats } from "../gpu/readback.ts";
import type { Rasterizer } from "../raster/rasterizer.ts";
import { createSplats, type Splats } from "../scene/attributes.ts";
import { disposeSplatBuffers, uploadSplats } from "../scene/mirror.ts";

export type Image = Float32Array; // [3, H, W]

/** Draws the scene from each camera, on black. */
export async function drawViews(
  gpu: Gpu,
  rasterizer: Rasterizer,
  splats: Splats,
  cameras: readonly Camera[],
): Promise<Image[]> {
  const buffers = uploadSplats(gpu, splats);
  const images: Image[] = [];
  for (const camera of cameras) {
    const input = { splats: buffers, camera, background: [0, 0, 0], antialias: false } as const;
    const { out } = await rasterizer.renderComplete(input);
    images.push(await readFloats(gpu, out.image.buffer, 3 * camera.width * camera.height));
  }
  disposeSplatBuffers(buffers);
  return images;
}

/** SH coefficient of degree 0 that shows as 1, and its negative as 0. */
const WHITE = 0.5 / 0.28209479177387814;

type IsObject = (x: number, y: number, z: number) => boolean;

/** How much of each view's pixels is splats of the object, 0 to 1. */
export async function objectCoverage(
  gpu: Gpu,
  rasterizer: Rasterizer,
  splats: Splats,
  isObject: IsObject,
  cameras: readonly Camera[],
): Promise<Float32Array[]> {
  const { means } = splats;
  const { sh } = createSplats(splats.count, 0);
  for (let i = 0; i < splats.count; i++) {
    const object = isObject(means[3 * i]!, means[3 * i + 1]!, means[3 * i + 2]!);
    sh.fill(object ? WHITE : -WHITE, 3 * i, 3 * i + 3);
  }
  const images = await drawViews(gpu, rasterizer, { ...splats, shDegree: 0, sh }, cameras);
  return images.map((image) => image.slice(0, image.length / 3));
}

/** Which pixels are covered by more than `least`. */
export const coveredMask = (coverage: Float32Array, least: number): Uint8Array =>
  Uint8Array.from(coverage, (value) => (value > least ? 1 : 0));

/** Which pixels of each view show mostly splats of the object. */
export async function objectMasks(
  gpu: Gpu,
  rasterizer: Rasterizer,
  splats: Splats,
  isObject: IsObject,
  cameras: readonly Camera[],
): Promise<Uint8Array[]> {
  const coverage = await objectCoverage(gpu, rasterizer, splats, isObject, cameras);
  return coverage.map((values) => coveredMask(values, 0.5));
}

/** How far beyond the object's outline a change still counts as the object's: its shadow's seam, its blur. */
export const MARGIN = 8; // pixels

export interface ViewChange {
  /** Mean colour of the object, before and after. */
  readonly objectBefore: readonly [number, number, number];
  readonly objectAfter: readonly [number, number, number];
  /** The same of everything else. */
  readonly restBefore: readonly [number, number, number];
  readonly restAfter: readonly [number, number, number];
  /** PSNR of the object's pixels, and of those outside of it and its margin, in dB. */
  readonly objectPsnr: number;
  readonly restPsnr: number;
}

/** What happened between two sets of images of the same views. */
export function compareViews(
  before: readonly Image[],
  after: readonly Image[],
  masks: readonly Uint8Array[],
  size: number,
): ViewChange[] {
  return before.map((image, i) => {
    const mask = masks[i]!;
    const rest = invertMask(dilate(mask, size, size, MARGIN));
    return {
      objectBefore: meanColor(image, mask),
      objectAfter: meanColor(after[i]!, mask),
      restBefore: meanColor(image, rest),
      restAfter: meanColor(after[i]!, rest),
      objectPsnr: psnr(image, after[i]!, mask),
      restPsnr: psnr(image, after[i]!, rest),
    };
  });
}
