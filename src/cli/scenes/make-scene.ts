import { join } from "node:path";
import type { Vec3 } from "../../camera/camera.ts";
import { createRng } from "../../core/rng.ts";
import { imagePicture } from "../../edit/pictures.ts";
import { writeScene } from "../../formats/index.ts";
import type { Gpu } from "../../gpu/device.ts";
import { readFloats } from "../../gpu/readback.ts";
import { Rasterizer } from "../../raster/rasterizer.ts";
import type { Splats } from "../../scene/attributes.ts";
import type { Sphere } from "../../scene/bounds.ts";
import { disposeSplatBuffers, downloadSplats, uploadSplats } from "../../scene/mirror.ts";
import type { SplatBuffers } from "../../scene/splat-buffers.ts";
import { takeSplats } from "../../scene/splats.ts";
import { writePng } from "../contact-sheet.ts";
import { writeBytes } from "../files.ts";
import { createProgress } from "../progress.ts";
import { camerasAround } from "../views-out.ts";
import { fitSplats, measureQuality } from "./fit.ts";
import type { Quality } from "./fit.ts";
import { liftViews } from "./lift.ts";
import { orbitsAround, orbitsOfTheRest } from "./orbits.ts";
import type { Recipe } from "./recipes.ts";
import { SURFACE, renderViews } from "./world.ts";
import type { WorldView } from "./world.ts";

/** A row of `scenes.json`. */
export interface SceneEntry {
  readonly id: string;
  readonly name: string;
  /** Files beside the list. */
  readonly file: string;
  readonly thumbnail: string;
  /** A prompt that describes the scene, and prompt pairs to try. */
  readonly source: string;
  readonly edits: readonly { readonly source: string; readonly target: string }[];
  readonly up: Vec3;
  /** A ball around the object. */
  readonly region: Sphere;
  readonly splats: number;
  /** Of views it was not made from, dB. */
  readonly heldOutPsnr: number;
}

/** Sides of the pictures it is made from, and of the one to recognise it by. */
const SIZE = 128;
const THUMBNAIL_SIZE = 192;
const UP: Vec3 = [0, 1, 0];
/** Pictures around the object, of the rest of the world, and to measure with. */
const VIEWS = 240;
const SURROUNDINGS = 36;
const HELD_OUT = 24;
/** Splats that show less than this after fitting are left out. */
const LEAST_OPACITY = 0.02;

export interface MakeOptions {
  readonly steps: number;
  readonly folder: string;
}

/** Makes a scene's files and says how good it has become. */
export async function makeScene(
  gpu: Gpu,
  recipe: Recipe,
  { steps, folder }: MakeOptions,
): Promise<SceneEntry> {
  const { id, name, still, source, targets } = recipe;
  console.error(`${name}:`);
  const rng = createRng(id);
  const orbits = [
    ...orbitsAround(VIEWS, rng.fork("views")),
    ...orbitsOfTheRest(SURROUNDINGS, rng.fork("surroundings")),
  ];
  const views = await renderViews(still, orbits, SIZE);
  const heldOut = await renderViews(still, orbitsAround(HELD_OUT, rng.fork("held out")), SIZE);
  const lifted = liftViews(views);

  const rasterizer = new Rasterizer(gpu);
  const buffers = uploadSplats(gpu, lifted);
  const stand = { gpu, rasterizer, splats: buffers };
  tell("lifted", lifted.count, await measureQuality(stand, heldOut));
  if (steps > 0) {
    const progress = createProgress(steps);
    const begun = performance.now();
    await fitSplats({
      ...stand,
      views,
      steps,
      rng: rng.fork("fit"),
      onStep: (step) => {
        const perSecond = (1000 * step) / (performance.now() - begun);
        progress.update(step, perSecond, (steps - step) / perSecond);
      },
    });
    progress.stop();
  }
  const quality = await measureQuality(stand, heldOut);
  const splats = visible(await downloadSplats(gpu, buffers));
  tell("fitted", splats.count, quality);

  const region = objectSphere(views);
  const metadata = {
    comments: [`${name}: made by Splatsmith from its own renderer`],
    antialiased: false,
    up: UP,
    focus: region,
  };
  const file = `${id}.ply`;
  await writeBytes(join(folder, file), writeScene({ name: file, splats, metadata, warnings: [] }));
  const thumbnail = `${id}.png`;
  await writePng(join(folder, thumbnail), await photograph(gpu, rasterizer, buffers, region));
  disposeSplatBuffers(buffers);
  rasterizer.dispose();
  return {
    id,
    name,
    file,
    thumbnail,
    source,
    edits: targets.map((target) => ({ source, target })),
    up: UP,
    region,
    splats: splats.count,
    heldOutPsnr: Math.round(100 * quality.psnr) / 100,
  };
}

function tell(what: string, count: number, { psnr, worst, leastAlpha, meanAlpha }: Quality): void {
  const alpha = `alpha at least ${leastAlpha.toFixed(3)}, mean ${meanAlpha.toFixed(4)}`;
  console.error(
    `  ${what}: ${count} splats, ${psnr.toFixed(2)} dB held out (worst ${worst.toFixed(2)}), ${alpha}`,
  );
}

function visible(splats: Splats): Splats {
  const leastLogit = Math.log(LEAST_OPACITY / (1 - LEAST_OPACITY));
  const shown = Uint32Array.from(splats.opacityLogits.keys()).filter(
    (i) => splats.opacityLogits[i]! > leastLogit,
  );
  return takeSplats(splats, shown);
}

/** The smallest ball around the middle of the object's box that holds what the views saw of it, and a little more. */
function objectSphere(views: readonly WorldView[]): Sphere {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  eachObjectPoint(views, (point) =>
    point.forEach((value, k) => {
      low[k] = Math.min(low[k]!, value);
      high[k] = Math.max(high[k]!, value);
    }),
  );
  const center = low.map((value, k) => (value + high[k]!) / 2) as unknown as Vec3;
  let radius = 0;
  eachObjectPoint(views, (point) => {
    radius = Math.max(radius, Math.hypot(...point.map((value, k) => value - center[k]!)));
  });
  const rounded = (value: number): number => Math.round(1000 * value) / 1000;
  return { center: center.map(rounded) as unknown as Vec3, radius: rounded(1.05 * radius) };
}

function eachObjectPoint(views: readonly WorldView[], visit: (point: readonly number[]) => void): void {
  for (const { surface, position } of views) {
    surface.forEach((kind, i) => {
      if (kind === SURFACE.object) visit([...position.subarray(3 * i, 3 * i + 3)]);
    });
  }
}

async function photograph(gpu: Gpu, rasterizer: Rasterizer, splats: SplatBuffers, region: Sphere) {
  const camera = camerasAround(region, UP, THUMBNAIL_SIZE)[1]!;
  const { out } = await rasterizer.renderComplete({
    splats,
    camera,
    background: [0, 0, 0],
    antialias: false,
  });
  return imagePicture(
    await readFloats(gpu, out.image.buffer, 3 * THUMBNAIL_SIZE ** 2),
    THUMBNAIL_SIZE,
    THUMBNAIL_SIZE,
  );
}
