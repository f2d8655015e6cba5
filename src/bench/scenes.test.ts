import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { splatPly } from "../formats/testing/make-ply.ts";
import { splatsEqual } from "../scene/splats.ts";
import { chooseScenes, syntheticScene } from "./scenes.ts";

const folder = mkdtempSync(join(tmpdir(), "splatsmith-bench-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "ball.ply"), splatPly(9, 12));
writeFileSync(
  join(folder, "scenes.json"),
  JSON.stringify({ scenes: [{ id: "red-ball", file: "ball.ply" }] }),
);
const names = async (wanted: readonly string[] | undefined, where: string) =>
  (await chooseScenes(wanted, where)).map(({ name }) => name);

it("measures on synthetic scenes and all demos unless told otherwise", async () => {
  expect(await names(undefined, folder)).toEqual(["synthetic-10k", "synthetic-100k", "red-ball"]);
  expect(await names(undefined, join(folder, "nowhere"))).toEqual(["synthetic-10k", "synthetic-100k"]);
});

it("takes demos by name and files by path", async () => {
  const [demo, file] = await chooseScenes(["red-ball", join(folder, "ball.ply")], folder);
  expect((await demo!.load()).splats).toMatchObject({ count: 12, shDegree: 1 });
  expect((await file!.load()).name).toBe("ball.ply");
  await expect(chooseScenes(["blue-ball"], folder)).rejects.toThrow("no scene “blue-ball”");
});

it("makes the same synthetic scene every time", async () => {
  const [one, two] = [await syntheticScene("a", 50).load(), await syntheticScene("a", 50).load()];
  expect(one.splats).toMatchObject({ count: 50, shDegree: 3 });
  expect(splatsEqual(one.splats, two.splats)).toBe(true);
});
