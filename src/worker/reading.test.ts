import { afterEach, expect, it, vi } from "vitest";
import { UserError } from "../core/errors.ts";
import { readScene } from "../formats/index.ts";
import { splatPly } from "../formats/testing/make-ply.ts";
import { splatsEqual } from "../scene/splats.ts";
import { createReading } from "./reading.ts";

/** Some blocks of records, and some thousand lines. */
const FILES = {
  binary: splatPly(45, 3000),
  "of the other byte order": splatPly(45, 3000, { encoding: "binary_big_endian" }),
  ASCII: splatPly(0, 5000, { encoding: "ascii" }),
};

afterEach(() => vi.restoreAllMocks());

/** Every piece of work takes longer than a turn. */
function slowly(): void {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += 50));
}

it.each(Object.entries(FILES))("reads a file by turns as at once, and can stop (%s)", async (_, file) => {
  slowly();
  const shares: number[] = [];
  const reading = createReading((share) => shares.push(share));
  const { splats } = await reading.read(file, "x.ply");
  expect(splatsEqual(splats, readScene(file, "x.ply").splats)).toBe(true);
  expect(shares.length).toBeGreaterThan(5);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect([shares[0]! >= 0, shares.at(-1)! <= 1]).toEqual([true, true]);

  const before = shares.length;
  const stopped = createReading(() => shares.push(0) === before + 2 && stopped.stop());
  await expect(stopped.read(file, "x.ply")).rejects.toMatchObject({ name: "AbortError" });
  expect(shares).toHaveLength(before + 2);
  expect((await stopped.read(file, "x.ply")).splats.count).toBe(splats.count);
});

it("refuses what is no scene, in words", async () => {
  const { read } = createReading(() => {});
  await expect(read(new TextEncoder().encode("ply\n"), "x.ply")).rejects.toThrow(UserError);
});
