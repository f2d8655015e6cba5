/** The scenes edits are tried on: those that come with the page, and more that are made when first needed. */
import { join } from "node:path";
import { readBytes, writeText } from "../../cli/files.ts";
import { root } from "../../cli/root.ts";
import { captionOf } from "../../cli/scenes/attributes.ts";
import type { StillLife } from "../../cli/scenes/attributes.ts";
import { makeScene } from "../../cli/scenes/make-scene.ts";
import type { SceneEntry } from "../../cli/scenes/make-scene.ts";
import { recipes } from "../../cli/scenes/recipes.ts";
import { buildRenderer } from "../../cli/scenes/world.ts";
import { registry } from "../../core/registry.ts";
import { readScene } from "../../formats/index.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { Sphere } from "../../scene/bounds.ts";
import type { SceneDocument } from "../../scene/document.ts";
import { fingerprint } from "./fingerprint.ts";

export interface EditScene {
  readonly id: string;
  /** What it shows. */
  readonly still: StillLife;
  /** Comes with the page; else it is made when first needed. */
  readonly isPublic: boolean;
}

const DAY = { time: "day", style: "photo", seed: 900101 } as const;

const MADE: readonly StillLife[] = [
  { ...DAY, kind: "ball", material: "purple", ground: "floor" },
  { ...DAY, kind: "mushroom", material: "blue", ground: "grass" },
  { ...DAY, kind: "cube", material: "red", ground: "sand" },
  { ...DAY, kind: "teapot", material: "green", ground: "floor" },
  { ...DAY, kind: "donut", material: "yellow", ground: "water" },
];

export const editScenes = registry<EditScene>("scene", [
  ...recipes.map(({ id, still }) => ({ id, still, isPublic: true })),
  ...MADE.map((still) => ({ id: `${still.material}-${still.kind}`, still, isPublic: false })),
]);

const PUBLIC = join(root, "public/scenes");
export const SCENE_CACHE = join(root, ".cache/bench-scenes");
/** As those that come with the page are made. */
const FITTING_STEPS = 400;

/** A scene as it was read, and the ball around its object. */
export interface OpenedScene {
  readonly scene: EditScene;
  readonly document: SceneDocument;
  readonly object: Sphere;
}

/** Reads a scene, and makes it first where that is still to be done. Throws a UserError. */
export async function openEditScene(gpu: Gpu, scene: EditScene, cache = SCENE_CACHE): Promise<OpenedScene> {
  const folder = scene.isPublic ? PUBLIC : cache;
  const { file, region } = scene.isPublic ? await publicEntry(scene) : await madeEntry(gpu, scene, cache);
  const document = readScene(await readBytes(join(folder, file)), file);
  return { scene, document, object: region };
}

/** What the scene's file holds; undefined for one that is still to be made. */
export async function sceneFingerprint(scene: EditScene, cache = SCENE_CACHE): Promise<string | undefined> {
  const entry = scene.isPublic ? await publicEntry(scene) : await cachedEntry(scene, cache);
  return entry && fingerprint([join(scene.isPublic ? PUBLIC : cache, entry.file)]);
}

type Entry = Pick<SceneEntry, "file" | "region">;

async function publicEntry({ id }: EditScene): Promise<Entry> {
  const { scenes } = (await readJson(join(PUBLIC, "scenes.json"))) as {
    readonly scenes: readonly SceneEntry[];
  };
  return scenes.find((entry) => entry.id === id)!;
}

/** What the cache has of a scene; its entry is written last, so it stands for a whole scene. */
async function cachedEntry({ id, still }: EditScene, cache: string): Promise<Entry | undefined> {
  const cached = (await readJson(entryPath(id, cache)).catch(() => undefined)) as
    { readonly still: StillLife; readonly entry: SceneEntry } | undefined;
  return cached && JSON.stringify(cached.still) === JSON.stringify(still) ? cached.entry : undefined;
}

const entryPath = (id: string, cache: string): string => join(cache, `${id}.json`);

async function madeEntry(gpu: Gpu, scene: EditScene, cache: string): Promise<Entry> {
  const cached = await cachedEntry(scene, cache);
  if (cached) return cached;
  const { id, still } = scene;
  buildRenderer();
  const recipe = { id, name: id.replace("-", " "), still, source: captionOf(still), targets: [] };
  const entry = await makeScene(gpu, recipe, { steps: FITTING_STEPS, folder: cache });
  await writeText(entryPath(id, cache), `${JSON.stringify({ still, entry }, null, 2)}\n`);
  return entry;
}

const readJson = async (path: string): Promise<unknown> =>
  JSON.parse(new TextDecoder().decode(await readBytes(path)));
