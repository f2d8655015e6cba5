/** A scene before any edit, seen from random views and read by the judge: what every edit of it is compared with. */
import type { Camera } from "../../camera/camera.ts";
import type { Attributes } from "../../cli/scenes/attributes.ts";
import { coveredMask, drawViews, MARGIN, objectCoverage } from "../../cli/object-views.ts";
import type { Image } from "../../cli/object-views.ts";
import { camerasAround } from "../../cli/views-out.ts";
import { dilate, invertMask } from "../../core/image-metrics.ts";
import { EVERYTHING } from "../../edit/mask.ts";
import { setStage } from "../../edit/stage.ts";
import type { EditSettings } from "../../edit/settings.ts";
import { rasterProbe } from "../../edit/view-probe.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { Rasterizer } from "../../raster/rasterizer.ts";
import type { Splats } from "../../scene/attributes.ts";
import type { Sphere } from "../../scene/bounds.ts";
import { disposeSplatBuffers, uploadSplats } from "../../scene/mirror.ts";
import type { OpenedScene } from "./edit-scenes.ts";
import type { Judge } from "./judge.ts";

export interface Studio {
  readonly gpu: Gpu;
  readonly rasterizer: Rasterizer;
  readonly judge: Judge;
}

/** What the judge makes of a scene's views. */
export interface Impression {
  readonly images: readonly Image[];
  readonly readings: readonly Attributes[];
  readonly embeddings: readonly Float32Array[];
}

export interface Gallery {
  readonly opened: OpenedScene;
  readonly cameras: readonly Camera[];
  /** The view that pictures are shown from. */
  readonly front: Camera;
  readonly before: Impression;
  readonly size: number;
  /** Which pixels show the object, and which nothing of it nor of a margin around it. */
  readonly object: readonly Uint8Array[];
  readonly outside: readonly Uint8Array[];
}

/** Training views are drawn with other seeds. */
const VIEW_SEED = 4_000_037;
/** So much of the object makes a pixel the object's; the first where that is to be sure, the second to be safe. */
const MOSTLY = 0.5;
const SOMEWHAT = 0.05;
/** The world's ground is the plane y = 0. */
const GROUND = 0.03;

export async function openGallery(
  studio: Studio,
  opened: OpenedScene,
  settings: EditSettings,
  views: number,
): Promise<Gallery> {
  const { gpu, rasterizer, judge } = studio;
  const { document, object } = opened;
  const { splats, metadata } = document;
  const cameras = await randomViews(studio, opened, settings, views);
  const coverage = await objectCoverage(gpu, rasterizer, splats, isObject(object), cameras);
  const { size } = settings;
  const near = coverage.map((values) => dilate(coveredMask(values, SOMEWHAT), size, size, MARGIN));
  return {
    ...{ opened, cameras, size },
    front: camerasAround(object, metadata.up!, size)[1]!,
    before: await impression(judge, await shownViews(studio, splats, cameras)),
    object: coverage.map((values) => coveredMask(values, MOSTLY)),
    outside: near.map(invertMask),
  };
}

const isObject =
  ({ center, radius }: Sphere) =>
  (x: number, y: number, z: number): boolean =>
    y > GROUND && Math.hypot(x - center[0], y - center[1], z - center[2]) < radius;

/** Drawn as a run draws its own. */
async function randomViews(
  { gpu, rasterizer }: Studio,
  { document, object }: OpenedScene,
  settings: EditSettings,
  count: number,
): Promise<readonly Camera[]> {
  const { splats, metadata } = document;
  const looking: EditSettings = {
    ...settings,
    ...{ region: EVERYTHING, focus: object, seed: VIEW_SEED },
    views: { ...settings.views, count },
  };
  const buffers = uploadSplats(gpu, splats);
  const probe = rasterProbe(gpu, rasterizer, { splats: buffers, antialias: metadata.antialiased });
  const { cameras } = await setStage(splats, looking, metadata, probe);
  disposeSplatBuffers(buffers);
  return cameras;
}

/** As a screen shows them: values in [0, 1]. */
export async function shownViews(
  { gpu, rasterizer }: Studio,
  splats: Splats,
  cameras: readonly Camera[],
): Promise<Image[]> {
  const images = await drawViews(gpu, rasterizer, splats, cameras);
  return images.map((image) => image.map((value) => Math.min(1, Math.max(0, value))));
}

export const impression = async (judge: Judge, images: readonly Image[]): Promise<Impression> => ({
  images,
  readings: await judge.read(images),
  embeddings: await judge.embedImages(images),
});
