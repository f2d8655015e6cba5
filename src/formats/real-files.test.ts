import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { readScene, writeScene } from "./index.ts";
import { expectSameBytes } from "./testing/same-bytes.ts";

/** Files of other tools; not part of the project, so not everywhere. */
const scenes = new URL("../../../shared/scenes/", import.meta.url);
const there = existsSync(scenes);
const filesIn = (folder: string): string[] =>
  there ? readdirSync(new URL(`${folder}/`, scenes)).filter((name) => name.endsWith(".ply")) : [];
const load = (folder: string, name: string) =>
  new Uint8Array(readFileSync(new URL(`${folder}/${name}`, scenes)));

/** Name → splats, SH degree. */
const EXPECTED: Record<string, [count: number, degree: number]> = {
  "lod2_tile_0.ply": [6831, 3],
  "minimal_ascii.ply": [3, 0],
  "minimal_binary.ply": [3, 0],
  "pc_short.ply": [100, 3],
  "test-splat.3-points-from-train.ply": [3, 3],
  "train-1000.ply": [1000, 3],
  "unitCube-ascii.ply": [20, 0],
};

const REFUSED: Record<string, RegExp> = {
  "bunny.ply": /a mesh.*34,834 vertex, 1 tristrips/,
  "cube_att.ply": /a mesh.*24 vertex, 12 face/,
  "init_points_rgba.ply": /coloured point cloud.*100 vertex/,
  "guitar.compressed.ply": /PlayCanvas compressed PLY.*not yet supported/,
  "engine-test-sh3-64.compressed.ply": /PlayCanvas compressed PLY.*not yet supported/,
};

describe.skipIf(!there)("files of other tools", () => {
  it.each(filesIn("ply"))("%s is read, and written back byte for byte", (name) => {
    const bytes = load("ply", name);
    const document = readScene(bytes, name);
    expect([document.splats.count, document.splats.shDegree]).toEqual(EXPECTED[name]);
    expect(document.warnings.length).toBe(name === "pc_short.ply" ? 1 : 0);
    expectSameBytes(writeScene(document), bytes);
  });

  it("reads the same splats from ASCII and binary", () => {
    const ascii = readScene(load("ply", "minimal_ascii.ply"), "a").splats;
    const binary = readScene(load("ply", "minimal_binary.ply"), "b").splats;
    expect(ascii).toEqual(binary);
  });

  it.each([
    ...filesIn("not-splats").map((name) => ["not-splats", name]),
    ...filesIn("compressed-ply").map((name) => ["compressed-ply", name]),
  ])("%s/%s is refused in words", (folder, name) => {
    expect(() => readScene(load(folder!, name!), name!)).toThrow(UserError);
    expect(() => readScene(load(folder!, name!), name!)).toThrow(REFUSED[name!]!);
  });
});
