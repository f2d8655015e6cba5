import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRng } from "../src/core/rng.ts";
import { writePly } from "../src/formats/ply/write.ts";
import { pointScene, shapes } from "../src/scene/testing/point-scene.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A real capture where the shared test data is there, else a scene of our own that is not open at the start. */
export function realScene(): { readonly name: string; readonly bytes: Buffer } {
  const shared = join(root, "../shared/scenes/ply/train-1000.ply");
  if (existsSync(shared)) return { name: "train-1000.ply", bytes: readFileSync(shared) };
  const list = JSON.parse(readFileSync(join(root, "public/scenes/scenes.json"), "utf8")) as DemoList;
  const name = list.scenes.at(-1)!.file;
  return { name, bytes: readFileSync(join(root, "public/scenes", name)) };
}

const ballOf = (count: number) => shapes.ball(createRng("ball"), count, [0, 0, 0], 0.5);
/** Where the splats of the usual ball are. */
export const BALL = ballOf(300);

/** A ball of so many splats: quick to draw, and an edit of it has something to change. */
export function ballScene(count = BALL.length): { readonly name: string; readonly bytes: Buffer } {
  const splats = pointScene(ballOf(count), 0.08);
  const metadata = { comments: [], antialiased: false, up: [0, 1, 0] } as const;
  const name = "ball.ply";
  return { name, bytes: Buffer.from(writePly({ name, splats, metadata, warnings: [] })) };
}

interface DemoList {
  readonly scenes: readonly { readonly file: string }[];
}
