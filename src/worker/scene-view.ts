import type { Camera, Vec3 } from "../camera/camera.ts";
import { resized } from "../camera/intrinsics.ts";
import { unproject } from "../camera/project.ts";
import { createTurns } from "../core/turns.ts";
import { cutoutPicture, imagePicture, type RgbaPicture } from "../edit/pictures.ts";
import type { Gpu } from "../gpu/device.ts";
import type { GpuImage } from "../gpu/image.ts";
import { BufferPool } from "../gpu/buffers.ts";
import { readBytes, readFloats } from "../gpu/readback.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import type { DisplayedScene } from "../document/display.ts";
import type { Splats } from "../scene/attributes.ts";
import { disposeSplatBuffers, uploadSplats } from "../scene/mirror.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import type { Similarity } from "../scene/transform.ts";
import { contributors, type Look } from "./contributors.ts";
import { encoded } from "./encoded-picture.ts";
import { createFrameLoop, type FrameLoopHost, type FrameReason } from "./frame-loop.ts";
import { createPresenter } from "./presenter.ts";
import { createSceneBuffers } from "./scene-buffers.ts";
import { createTransformPreview, type PreviewTarget } from "./transform-preview.ts";
import { createStatePass, type Tints } from "./state-pass.ts";

/** The view of the scene on one device. Lost with it; the next device gets a new one. */
export interface SceneView {
  /** Shows another scene, or the same in another state. What is there already does not travel to the GPU again. */
  show(scene: DisplayedScene): Promise<void>;
  /** Shows these splats, and no states, for somebody who will write to the buffers until the next `show`. */
  lend(splats: Splats, antialias: boolean): Promise<SplatBuffers>;
  /** Shows some splats elsewhere until called without a transform, or until another scene is shown. */
  preview(by?: Similarity, target?: PreviewTarget): Promise<void>;
  /** How strongly states are shown; 0 shows the scene as an export has it. */
  setHighlight(strength: number): void;
  /** Shows these instead of the scene, or in the left share of the picture only, until called without any. */
  compareWith(splats?: Splats, share?: number): Promise<void>;
  setCamera(camera: Camera): void;
  invalidate(reason: FrameReason): void;
  /** The point of the scene at a pixel; undefined where it is mostly empty. */
  pick(x: number, y: number): Promise<Vec3 | undefined>;
  /** The colour there, without the background and whatever is shown of states. */
  colorAt(x: number, y: number): Promise<Vec3 | undefined>;
  /** One bit for each splat of all parts [N / 32] that is seen at marked pixels of the camera's picture. */
  contributors(marked: Uint32Array, look: Look): Promise<Uint32Array>;
  /** The scene as an export has it, seen by any camera; over nothing if `isCutOut`. */
  still(view: Camera, isCutOut: boolean): Promise<RgbaPicture>;
  /** A small picture of the scene, as the bytes of a JPEG; undefined before there is anything to see. */
  thumbnail(): Promise<Uint8Array | undefined>;
  dispose(): Promise<void>;
}

/** Longer side of a thumbnail, pixels. */
const THUMBNAIL = 192;
const BACKGROUND: Vec3 = [0.055, 0.063, 0.078];
const BLACK: Vec3 = [0, 0, 0];
const TINTS = {
  selected: { color: [1, 0.72, 0.1], strength: 0.55 },
  proposed: { color: [1, 0.1, 0.2], strength: 0.75 },
} as const satisfies Tints;
/** A pixel with less in it shows the background rather than the scene. */
const MIN_PICK_ALPHA = 0.5;

export function createSceneView(
  gpu: Gpu,
  canvas: OffscreenCanvas,
  host: Required<Pick<FrameLoopHost, "onError" | "onSettled" | "onDrawn">>,
): SceneView {
  const presenter = createPresenter(gpu, canvas);
  // Its own: the images of an edit's rasterizer are still needed for the backward pass when a frame is drawn.
  const rasterizer = new Rasterizer(gpu, { drawsOnly: true });
  const scene = createSceneBuffers(gpu);
  const states = createStatePass(gpu);
  const moving = createTransformPreview(gpu);
  let previewed: { readonly by: Similarity; readonly target: PreviewTarget } | undefined;
  let hasStates = false;
  let highlight = 1;
  let other: SplatBuffers | undefined;
  let compared: Splats | undefined; // what `other` holds
  let share = 1; // of the picture's width that shows the other one
  const kept = new BufferPool(gpu, "view/kept");
  let antialias = false;
  let camera: Camera | undefined;

  // One at a time: the rasterizer's images are good until it renders again.
  const inTurn = createTurns();
  const sceneSplats = (): SplatBuffers => {
    const splats = scene.splats!;
    return previewed ? moving.apply(splats, states.states, previewed.by, previewed.target) : splats;
  };
  const setPreview = (next: typeof previewed): void => {
    previewed = next;
    if (!next) moving.end();
  };
  const render = (
    view: Camera,
    strength = highlight,
    which: "shown" | "scene" = "shown",
    background = BACKGROUND,
  ) => {
    const instead = which === "shown" ? other : undefined;
    return rasterizer.renderComplete({
      splats: instead ?? sceneSplats(),
      camera: view,
      background,
      antialias,
      ...(hasStates && !instead && { retouch: states.retouch(scaled(TINTS, strength)) }),
    });
  };

  /** A copy of an image that stays while the next one is rendered. */
  const copied = (image: GpuImage): GpuImage => {
    const byteLength = 4 * image.channels * image.width * image.height;
    const buffer = kept.ensure("image", byteLength);
    const encoder = gpu.device.createCommandEncoder();
    encoder.copyBufferToBuffer(image.buffer, 0, buffer, 0, byteLength);
    gpu.device.queue.submit([encoder.finish()]);
    return { ...image, buffer };
  };

  /** All channels of the pixel at a place. */
  const pixelOf = (
    { buffer, channels, width, height }: GpuImage,
    x: number,
    y: number,
  ): Promise<number[]> => {
    const clamp = (value: number, size: number): number => Math.min(size - 1, Math.max(0, Math.floor(value)));
    const pixel = clamp(y, height) * width + clamp(x, width);
    const plane = width * height;
    const reads = Array.from({ length: channels }, (_, c) =>
      readBytes(gpu, buffer, { byteOffset: 4 * (c * plane + pixel), byteLength: 4 }),
    );
    return Promise.all(reads.map(async (bytes) => new Float32Array(await bytes)[0]!));
  };

  const setOther = (splats?: Splats): void => {
    compared = splats;
    if (other) disposeSplatBuffers(other);
    other = splats && uploadSplats(gpu, splats, "original");
    loop.invalidate("size");
  };

  const loop = createFrameLoop({
    now: () => performance.now(),
    nextFrame: (callback) => void requestAnimationFrame(callback),
    later: (callback, ms) => void setTimeout(callback, ms),
    ...host,
    draw: (scale) =>
      inTurn(async () => {
        if (!scene.splats || !camera) return;
        const { width, height } = camera;
        const size = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
        const view = resized(camera, size(width), size(height));
        const { image } = (await render(view)).out;
        if (!other || share === 1) return presenter.present(image, width, height);
        const comparison = { image: copied(image), share };
        const { out } = await render(view, highlight, "scene");
        presenter.present(out.image, width, height, comparison);
      }),
  });

  /** In turn, with the camera as of now: a place in a picture means the one that was shown when it was asked for. */
  const inTurnFrom = <T>(otherwise: T, work: (view: Camera) => Promise<T>): Promise<T> => {
    const view = camera;
    return inTurn(async () => (scene.splats && view ? work(view) : otherwise));
  };

  return {
    show: (next) =>
      inTurn(async () => {
        await scene.show(next.parts);
        states.write(next.states);
        hasStates = true;
        setPreview(undefined);
        antialias = next.antialias;
        setOther();
      }),
    lend: (splats, isAntialiased) =>
      inTurn(async () => {
        await scene.show([splats]);
        scene.forget();
        hasStates = false;
        setPreview(undefined);
        antialias = isAntialiased;
        setOther();
        return scene.splats!;
      }),
    preview: (by, target) =>
      inTurn(() => {
        setPreview(by && target && hasStates ? { by, target } : undefined);
        loop.invalidate("camera");
      }),
    setHighlight(strength) {
      highlight = strength;
      loop.invalidate("size");
    },
    compareWith: (splats, wanted = 1) =>
      inTurn(() => {
        share = wanted;
        // While a divider is dragged, the splats are the same.
        if (splats && splats === compared) loop.invalidate("camera");
        else setOther(splats);
      }),
    setCamera(next) {
      const isResized = next.width !== camera?.width || next.height !== camera.height;
      camera = next;
      loop.invalidate(isResized ? "size" : "camera");
    },
    invalidate: loop.invalidate,
    pick: (x, y) =>
      inTurnFrom<Vec3 | undefined>(undefined, async (view) => {
        const { alpha, depth } = (await render(view)).out;
        const [[a], [d]] = await Promise.all([alpha, depth].map((image) => pixelOf(image, x, y)));
        return a! < MIN_PICK_ALPHA ? undefined : unproject(view, { x, y, depth: d! / a! });
      }),
    colorAt: (x, y) =>
      inTurnFrom<Vec3 | undefined>(undefined, async (view) => {
        const { alpha, image } = (await render(view, 0)).out;
        const [[a], color] = await Promise.all([alpha, image].map((each) => pixelOf(each, x, y)));
        if (a! < MIN_PICK_ALPHA) return undefined;
        const own = color!.map((value, c) => (value - (1 - a!) * BACKGROUND[c]!) / a!);
        return own.map((value) => Math.min(1, Math.max(0, value))) as unknown as Vec3;
      }),
    contributors: (marked, look) =>
      inTurnFrom(new Uint32Array(0), async (view) => {
        const { saved } = await render(view);
        return contributors(gpu, saved, marked, look);
      }),
    still: (view, isCutOut) =>
      inTurn(async () => {
        const { alpha, image } = (await render(view, 0, "scene", isCutOut ? BLACK : BACKGROUND)).out;
        const { width, height } = image;
        const read = (each: GpuImage) => readFloats(gpu, each.buffer, each.channels * width * height);
        if (!isCutOut) return imagePicture(await read(image), width, height);
        const [planes, coverage] = await Promise.all([read(image), read(alpha)]);
        return cutoutPicture(planes, coverage, width, height);
      }),
    thumbnail: () =>
      inTurn(async () => {
        if (!scene.splats || !camera) return undefined;
        const scale = THUMBNAIL / Math.max(camera.width, camera.height);
        const side = (pixels: number): number => Math.max(1, Math.round(scale * pixels));
        const { image } = (await render(resized(camera, side(camera.width), side(camera.height)), 0)).out;
        const { width, height } = image;
        const planes = await readFloats(gpu, image.buffer, 3 * width * height);
        return encoded(imagePicture(planes, width, height), "image/jpeg");
      }),
    async dispose() {
      await loop.stop();
      presenter.dispose();
      rasterizer.dispose();
      states.dispose();
      moving.end();
      kept.dispose();
      scene.dispose();
      if (other) disposeSplatBuffers(other);
    },
  };
}

const scaled = ({ selected, proposed }: Tints, by: number): Tints => ({
  selected: { ...selected, strength: by * selected.strength },
  proposed: { ...proposed, strength: by * proposed.strength },
});
