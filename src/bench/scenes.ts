/** Scenes to measure on: made up, those that come with the page, and files. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { readBytes } from "../cli/files.ts";
import { root } from "../cli/root.ts";
import { UserError } from "../core/errors.ts";
import { createRng } from "../core/rng.ts";
import { readScene } from "../formats/index.ts";
import { randomScene } from "../raster/testing/scenes.ts";
import { ATTRIBUTES } from "../scene/attributes.ts";
import type { SplatArrays, Splats } from "../scene/attributes.ts";
import type { SceneMetadata } from "../scene/document.ts";
import { splatsFrom } from "../scene/splats.ts";

export interface BenchScene {
  readonly name: string;
  readonly splats: Splats;
  readonly metadata: SceneMetadata;
}

/** Where a scene comes from; it is made or read when its turn comes. */
export interface SceneSource {
  readonly name: string;
  load(): Promise<BenchScene>;
}

const DEMOS = join(root, "public/scenes");

/** Splats by name. */
const SYNTHETIC: Readonly<Record<string, number>> = {
  "synthetic-10k": 10_000,
  "synthetic-100k": 100_000,
  "synthetic-1m": 1_000_000,
};
/** What is measured unless said, with all demo scenes. */
const DEFAULT_SYNTHETIC = ["synthetic-10k", "synthetic-100k"];

/** Scenes by name, and files that end with .ply. Throws a UserError for a name that there is not. */
export async function chooseScenes(
  names: readonly string[] | undefined,
  demoFolder = DEMOS,
): Promise<readonly SceneSource[]> {
  const demos = await demoScenes(demoFolder);
  const synthetic = Object.entries(SYNTHETIC).map(([name, count]) => syntheticScene(name, count));
  const known = [...synthetic, ...demos];
  if (!names) return known.filter(({ name }) => !(name in SYNTHETIC) || DEFAULT_SYNTHETIC.includes(name));
  return names.map((name) => {
    if (/\.ply$/i.test(name)) return fileScene(basename(name), name);
    const scene = known.find((each) => each.name === name);
    if (scene) return scene;
    const choices = known.map((each) => each.name).join(", ");
    throw new UserError(
      `There is no scene “${name}”.`,
      `There are ${choices}; a file's name ends with .ply.`,
    );
  });
}

/**
 * A normal cloud at SH degree 3, as most files have it. Splats shrink as a surface's would that gets covered by more
 * of them, so pairs grow slower than splats.
 */
export function syntheticScene(name: string, count: number): SceneSource {
  return {
    name,
    async load() {
      const logScale = Math.log(2 / Math.sqrt(count));
      const { shDegree, ...arrays } = randomScene(createRng("bench"), { count, shDegree: 3, logScale });
      const floats = ATTRIBUTES.map((attribute) => [attribute, Float32Array.from(arrays[attribute])]);
      const splats = splatsFrom(count, shDegree, Object.fromEntries(floats) as SplatArrays);
      return { name, splats, metadata: { comments: [], antialiased: false } };
    },
  };
}

const fileScene = (name: string, path: string): SceneSource => ({
  name,
  async load() {
    const { splats, metadata } = readScene(await readBytes(path), basename(path));
    return { name, splats, metadata };
  },
});

/** Those that the folder's list names; none where there is no list. */
async function demoScenes(folder: string): Promise<readonly SceneSource[]> {
  const list = join(folder, "scenes.json");
  if (!existsSync(list)) return [];
  const { scenes } = JSON.parse(new TextDecoder().decode(await readBytes(list))) as {
    readonly scenes: readonly { readonly id: string; readonly file: string }[];
  };
  return scenes.map(({ id, file }) => fileScene(id, join(folder, file)));
}
