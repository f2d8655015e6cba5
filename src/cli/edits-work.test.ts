/**
 * The proof of the whole: on the scenes that come with the project, words change what they name and leave the rest,
 * seen from all around. The real rasterizer, the real model, the preset the page starts with.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished } from "vitest";
import { diskFolder } from "../diffusion/folder-source.node.ts";
import { loadPipeline } from "../diffusion/pipeline.ts";
import { defaultPreset } from "../diffusion/presets.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import { createEditJob } from "../edit/job.ts";
import { EVERYTHING, type Region } from "../edit/mask.ts";
import { settingsFromPreset } from "../edit/settings.ts";
import { readScene } from "../formats/index.ts";
import { gpuTest } from "../gpu/testing.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { uploadSplats } from "../scene/mirror.ts";
import { compareViews, drawViews, objectMasks, type ViewChange } from "./object-views.ts";
import { camerasAround } from "./views-out.ts";

useNodeRuntime();
const root = join(import.meta.dirname, "../..");
const SIZE = 128;
const STEPS = 40;

type Rgb = readonly [number, number, number];
/** How much more of one channel than of another. */
const more = (color: Rgb, channel: number, than: number): number => color[channel]! - color[than]!;
const [RED, GREEN, BLUE] = [0, 1, 2];

interface Case {
  readonly scene: string;
  readonly source: string;
  readonly target: string;
  /** Whether only the splats in the scene's region may move. */
  readonly inRegion: boolean;
  /** How far a view has come, before and after: the change has to be at least `by`. */
  readonly measure: (change: ViewChange, when: "Before" | "After") => number;
  readonly by: number;
}

const CASES: readonly Case[] = [
  {
    scene: "red-apple",
    source: "a photo of a red apple on grass",
    target: "a photo of a blue apple on grass",
    inRegion: false,
    measure: (change, when) => more(change[`object${when}`], BLUE, RED),
    by: 0.35,
  },
  {
    scene: "yellow-duck",
    source: "a photo of a yellow duck on a wooden table",
    target: "a photo of a red duck on a wooden table",
    inRegion: true,
    measure: (change, when) => more(change[`object${when}`], RED, GREEN),
    by: 0.15,
  },
];

const list = JSON.parse(await readFile(join(root, "public/scenes/scenes.json"), "utf8")) as {
  scenes: { id: string; file: string; region: { center: Rgb; radius: number } }[];
};

describe(`${STEPS} steps of SSD`, () => {
  for (const { scene: id, source, target, inRegion, measure, by } of CASES) {
    gpuTest(`“${source}” becomes “${target}”`, { timeout: 900_000 }, async ({ gpu }) => {
      const entry = list.scenes.find((scene) => scene.id === id)!;
      const { center, radius } = entry.region;
      const document = readScene(
        new Uint8Array(await readFile(join(root, "public/scenes", entry.file))),
        entry.file,
      );
      const pipeline = await loadPipeline(diskFolder(join(root, "models/mini")), { gpu });
      const rasterizer = new Rasterizer(gpu);
      onTestFinished(async () => {
        rasterizer.dispose();
        await pipeline.dispose();
      });

      const region: Region = inRegion ? { kind: "sphere", center, radius } : EVERYTHING;
      const preset = settingsFromPreset(defaultPreset("embedded"));
      const job = createEditJob({
        gpu,
        rasterizer,
        pipeline,
        buffers: uploadSplats(gpu, document.splats),
        splats: document.splats,
        antialiased: false,
        facts: document.metadata,
        settings: { ...preset, source, target, region, steps: STEPS, seed: 1 },
        pictureInterval: Infinity,
      });
      const result = await job.start();
      expect(result.error).toBeUndefined();
      expect(result.outcome).toBe("finished");

      const cameras = camerasAround(entry.region, document.metadata.up!, SIZE);
      const ground = 0.03; // the world's ground is the plane y = 0
      const isObject = (x: number, y: number, z: number): boolean =>
        y > ground && Math.hypot(x - center[0], y - center[1], z - center[2]) < radius;
      const masks = await objectMasks(gpu, rasterizer, document.splats, isObject, cameras);
      const changes = compareViews(
        await drawViews(gpu, rasterizer, document.splats, cameras),
        await drawViews(gpu, rasterizer, result.splats, cameras),
        masks,
        SIZE,
      );
      const moved = changes.map((change) => measure(change, "After") - measure(change, "Before"));
      const rest = changes.map(({ restPsnr }) => restPsnr);
      console.log(
        `${target}: moved ${moved.map((x) => x.toFixed(2)).join(" ")}, outside ${rest.map((x) => x.toFixed(1)).join(" ")} dB`,
      );
      expect(Math.min(...moved)).toBeGreaterThan(by);
      expect(Math.min(...rest)).toBeGreaterThan(25);
    });
  }
});
