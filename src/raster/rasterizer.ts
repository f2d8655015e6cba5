/** Draws splats, and carries cotangents of the picture back to them. All on the GPU, no readback inside a frame. */
import { assert } from "../core/assert.ts";
import type { Differentiable } from "../core/differentiable.ts";
import { BufferPool, createBuffer } from "../gpu/buffers.ts";
import { GpuMemoryError, type Gpu } from "../gpu/device.ts";
import type { GpuImage } from "../gpu/image.ts";
import { compileKernels } from "../gpu/kernel.ts";
import { RadixSort, radixSortKernels } from "../gpu/radix-sort.ts";
import { CommandRecorder, type RecorderOptions } from "../gpu/recorder.ts";
import { PrefixSum, scanKernels } from "../gpu/scan.ts";
import { layoutOf, packUniforms } from "../gpu/uniforms.ts";
import { createSplatBuffers, disposeSplatBuffers } from "../scene/mirror.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import { recordBackward } from "./backward.ts";
import { COUNTERS_BYTES, parseCounters, type RasterStats } from "./counters.ts";
import { recordForward, type Sorters } from "./forward.ts";
import { BACKWARD, ensureBuffers, FRAME, type Buffers } from "./frame-buffers.ts";
import { backwardKernels, compositingOf, forwardKernels, project, quadsFor, type Quads } from "./kernels.ts";
import { growPairs, guessPairs, pairLimit, planFrame, type FramePlan } from "./plan.ts";
import type { RenderCotangent, RenderInput, RenderOutput } from "./types.ts";
import { viewUniforms } from "./view.ts";

/** One frame, for its derivative. Good until the same rasterizer draws again. */
export interface RasterTape {
  readonly input: RenderInput;
  /** Uniforms of the frame, shaders/raster/view.wgsl. */
  readonly view: GPUBuffer;
  readonly plan: FramePlan;
  /** Number of the frame among the rasterizer's. */
  readonly frame: number;
  readonly buffers: Buffers<typeof FRAME>;
  readonly stats: Promise<RasterStats>;
  /** Whether pairs were left out for want of room: then draw again before using gradients. */
  overflowed(): Promise<boolean>;
}

export interface RasterizerOptions extends RecorderOptions {
  /** Room for (splat, tile) pairs to begin with; guessed from the number of splats unless given. */
  readonly pairs?: number;
  /** There is no derivative of its frames, which leaves room for more pairs where bindings are small. */
  readonly drawsOnly?: true;
  /** Quads of 2×2 pixels per thread; what suits the adapter unless given. */
  readonly quads?: Quads;
}

export interface Frame {
  readonly out: RenderOutput;
  readonly saved: RasterTape;
}

/** Room so many times what is wanted, for so many frames in a row, is given back. */
const SPARE = 8;
const PATIENCE = 60;

const VIEW_LAYOUT = layoutOf("View", project.reflection);

/**
 * Pictures and gradients belong to the rasterizer and are good until it draws, or differentiates, again; a picture
 * that has to last longer is drawn into images of the caller's own. One rasterizer serves one purpose at a time: the
 * viewport and a training run each have theirs.
 *
 * A frame has room for a certain number of (splat, tile) pairs. Where that is too little the picture is incomplete,
 * the frame's stats say so once the GPU has finished it, and the next frame has room enough. A frame that the GPU has
 * no memory for is not drawn: its stats reject with a GpuMemoryError, and the next one starts over with little room.
 */
export class Rasterizer implements Differentiable<
  RenderInput,
  RenderOutput,
  RasterTape,
  RenderCotangent,
  SplatBuffers
> {
  /** Of the latest frame that the GPU has finished. */
  stats: RasterStats = { visible: 0, pairs: 0, maxPairs: 0, overflowed: false };

  readonly #gpu: Gpu;
  readonly #options: RasterizerOptions;
  readonly #pool: BufferPool;
  readonly #sorters: Sorters;
  readonly #view: GPUBuffer;
  readonly #pairLimit: number;
  readonly #quads: Quads;
  #maxPairs = 0;
  #frames = 0;
  /** Frames in a row that had far more room than they wanted. */
  #spacious = 0;
  /** What is held is too large, for the GPU or for what is drawn, and is given back before the next frame. */
  #isOversized = false;
  #forwardReady: Promise<void> | undefined;
  #backwardReady: Promise<void> | undefined;
  #images: RenderOutput | undefined;
  #vSplats: SplatBuffers | undefined;

  /** `options.timer` times each pass. */
  constructor(gpu: Gpu, options: RasterizerOptions = {}) {
    this.#gpu = gpu;
    this.#options = options;
    this.#pool = new BufferPool(gpu, "raster");
    this.#sorters = {
      scan: new PrefixSum(gpu, "raster/scan"),
      byDepth: new RadixSort(gpu, "raster/by depth"),
      byTile: new RadixSort(gpu, "raster/by tile"),
    };
    this.#pairLimit = pairLimit(gpu.limits, options.drawsOnly);
    this.#quads = options.quads ?? quadsFor(gpu);
    this.#view = gpu.device.createBuffer({
      label: "raster/view",
      size: Math.ceil(VIEW_LAYOUT.size / 16) * 16,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /** Compiles the passes of a frame, off the thread. Everything but `render` waits for what it needs by itself. */
  ready(): Promise<void> {
    return (this.#forwardReady ??= compileKernels(this.#gpu, [
      ...forwardKernels(this.#quads),
      ...scanKernels,
      ...radixSortKernels(this.#gpu),
    ]));
  }

  /** Draws at once, for showing: whether the picture was complete is in `stats` some frames later. */
  render(input: RenderInput, into?: RenderOutput): RenderOutput {
    return this.#draw(input, into).out;
  }

  /** Draws. The picture may be incomplete, see `RasterTape.overflowed`. */
  async forward(input: RenderInput, into?: RenderOutput): Promise<Frame> {
    await this.ready();
    return this.#draw(input, into);
  }

  /**
   * Draws, with more room if need be, until the picture is complete, which takes a readback to know. Throws a
   * UserError if the GPU has not that much room.
   */
  async renderComplete(input: RenderInput, into?: RenderOutput): Promise<Frame> {
    for (;;) {
      const frame = await this.forward(input, into);
      const { overflowed, pairs, maxPairs } = await frame.saved.stats;
      if (!overflowed) return frame;
      this.#maxPairs = Math.max(this.#maxPairs, growPairs(pairs, this.#pairLimit));
      assert(this.#maxPairs > maxPairs, `room for ${maxPairs} pairs was too little and did not grow`);
    }
  }

  /** Cotangents of the splats. The tape has to be the rasterizer's latest. */
  async vjp(saved: RasterTape, vOut: RenderCotangent): Promise<SplatBuffers> {
    assert(!this.#options.drawsOnly, "this rasterizer only draws");
    await (this.#backwardReady ??= compileKernels(this.#gpu, backwardKernels(this.#quads)));
    const { input, plan, frame, buffers } = saved;
    assert(frame === this.#frames, `the tape is of frame ${frame}, the rasterizer has drawn ${this.#frames}`);
    assertImage("vOut.image", vOut.image, 3, plan);
    assertImage("vOut.alpha", vOut.alpha, 1, plan);
    assertImage("vOut.depth", vOut.depth, 1, plan);
    const vSplats = this.#ensureCotangents(input.splats);
    const recorder = new CommandRecorder(this.#gpu, "raster backward", this.#options);
    recordBackward(recorder, plan, {
      view: this.#view,
      splats: input.splats,
      frame: buffers,
      backward: ensureBuffers(this.#pool, BACKWARD, plan),
      cotangent: vOut,
      vSplats,
      compositing: compositingOf(this.#quads),
    });
    recorder.submit();
    return vSplats;
  }

  /** Bytes held on the GPU. */
  get byteLength(): number {
    const { byDepth, byTile } = this.#sorters;
    return this.#pool.byteLength + byDepth.byteLength + byTile.byteLength;
  }

  dispose(): void {
    this.#pool.dispose();
    for (const sorter of Object.values(this.#sorters)) sorter.dispose();
    this.#view.destroy();
    if (this.#images) destroyImages(this.#images);
    if (this.#vSplats) disposeSplatBuffers(this.#vSplats);
  }

  #draw(input: RenderInput, into: RenderOutput | undefined): Frame {
    const { camera, splats } = input;
    const { width, height } = camera;
    assert(
      Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0,
      `image of ${width} × ${height} pixels`,
    );
    if (this.#isOversized) this.#giveBack();
    const guess = this.#options.pairs ?? guessPairs(splats.count, this.#pairLimit);
    this.#maxPairs = Math.max(this.#maxPairs, guess);
    const plan = planFrame(splats.count, camera, this.#maxPairs);
    const out = into ?? this.#ensureImages(plan);
    assertImage("image", out.image, 3, plan);
    assertImage("alpha", out.alpha, 1, plan);
    assertImage("depth", out.depth, 1, plan);

    const buffers = ensureBuffers(this.#pool, FRAME, plan);
    this.#gpu.device.queue.writeBuffer(
      this.#view,
      0,
      packUniforms(VIEW_LAYOUT, viewUniforms(input, plan), "view"),
    );
    const recorder = new CommandRecorder(this.#gpu, "raster forward", this.#options);
    recordForward(recorder, plan, this.#sorters, {
      view: this.#view,
      splats,
      frame: buffers,
      out,
      compositing: compositingOf(this.#quads),
      retouch: input.retouch,
    });
    const counters = recorder.read(buffers.counters, { byteLength: COUNTERS_BYTES });
    recorder.submit();

    const frame = ++this.#frames;
    const stats = counters.then((bytes) => parseCounters(bytes, plan.maxPairs));
    stats.then(
      (known) => this.#learn(known, plan.count),
      (error: unknown) => {
        // Of a lost device, and of this, hears who waits for the stats.
        if (!(error instanceof GpuMemoryError)) return;
        this.#maxPairs = 0;
        this.#isOversized = true;
      },
    );
    const overflowed = async (): Promise<boolean> => (await stats).overflowed;
    return { out, saved: { input, view: this.#view, plan, frame, buffers, stats, overflowed } };
  }

  /** The next frame has room for what this one wanted, as far as the GPU has. */
  #learn(stats: RasterStats, count: number): void {
    this.stats = stats;
    if (stats.overflowed) {
      this.#maxPairs = Math.max(
        this.#maxPairs,
        growPairs(Math.min(stats.pairs, this.#pairLimit), this.#pairLimit),
      );
    }
    const wanted = Math.max(stats.pairs, this.#options.pairs ?? guessPairs(count, this.#pairLimit));
    this.#spacious = stats.maxPairs > SPARE * wanted ? this.#spacious + 1 : 0;
    if (this.#spacious < PATIENCE) return;
    this.#spacious = 0;
    this.#maxPairs = growPairs(wanted, this.#pairLimit);
    this.#isOversized = true;
  }

  /** What a frame before has left; its derivative is gone with the next frame anyway. */
  #giveBack(): void {
    this.#isOversized = false;
    this.#pool.dispose();
    for (const sorter of Object.values(this.#sorters)) sorter.dispose();
  }

  /** Of exactly the image's size: ONNX Runtime binds buffers whole. */
  #ensureImages({ width, height }: FramePlan): RenderOutput {
    const old = this.#images;
    if (old?.image.width === width && old.image.height === height) return old;
    this.#images = undefined; // should there be no room for the next ones
    if (old) destroyImages(old);
    const refused = (): void => void (this.#images = undefined);
    return (this.#images = createImages(this.#gpu, width, height, refused));
  }

  #ensureCotangents(splats: SplatBuffers): SplatBuffers {
    const old = this.#vSplats;
    if (old?.count === splats.count && old.shDegree === splats.shDegree) return old;
    this.#vSplats = undefined;
    if (old) disposeSplatBuffers(old);
    const refused = (): void => void (this.#vSplats = undefined);
    return (this.#vSplats = createSplatBuffers(this.#gpu, splats, "raster/v", refused));
  }
}

/**
 * Images to draw into that last as long as the caller wants; `destroyImages` frees them. `refused` is called once there
 * turns out to be no room for one.
 */
export function createImages(gpu: Gpu, width: number, height: number, refused?: () => void): RenderOutput {
  const create = (name: string, channels: number): GpuImage => ({
    buffer: createBuffer(gpu, `raster/${name}`, 4 * channels * height * width, 0, refused),
    ...{ channels, height, width },
  });
  return { image: create("image", 3), alpha: create("alpha", 1), depth: create("depth", 1) };
}

export function destroyImages(images: RenderOutput): void {
  for (const image of Object.values(images) as GpuImage[]) image.buffer.destroy();
}

function assertImage(name: string, image: GpuImage | undefined, channels: number, plan: FramePlan): void {
  if (!image) return;
  const [got, expected] = [
    [image.channels, image.height, image.width].join(" × "),
    [channels, plan.height, plan.width].join(" × "),
  ];
  assert(got === expected, `${name}: got ${got}, expected ${expected}`);
}
