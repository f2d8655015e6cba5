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

/** A floor with something on it, whose up is −y: where COLMAP's, and so most scans', is. */
export function hangingScene(): { readonly name: string; readonly bytes: Buffer } {
  const names = ["x", "y", "z", "f_dc_0", "f_dc_1", "f_dc_2", "opacity"];
  names.push("scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3");
  const places: (readonly [number, number, number])[] = [];
  for (let i = 0; i < 400; i++) places.push([(i % 20) / 10 - 1, 0, Math.floor(i / 20) / 10 - 1]);
  for (let i = 0; i < 60; i++) places.push([0.2 * Math.sin(i), -i / 100, 0.2 * Math.cos(i)]);
  const rows = places.map((place) => [...place, 0.5, 0.2, -0.5, 2, -3, -3, -3, 1, 0, 0, 0]);
  const header = `ply\nformat ascii 1.0\nelement vertex ${rows.length}\n`;
  const properties = names.map((name) => `property float ${name}\n`).join("");
  const text = `${header}${properties}end_header\n${rows.map((row) => row.join(" ")).join("\n")}\n`;
  return { name: "hanging.ply", bytes: Buffer.from(text) };
}

interface DemoList {
  readonly scenes: readonly { readonly file: string }[];
}
