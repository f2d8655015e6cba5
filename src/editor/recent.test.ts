import { expect, it } from "vitest";
import { withRecent, type RecentScene } from "./recent.ts";

const scene = (n: number): RecentScene => ({
  kind: "address",
  name: `${n}.ply`,
  address: `https://example.org/${n}.ply`,
});

it("has the scene opened last at its top, each once, and forgets the oldest", async () => {
  let recent: readonly RecentScene[] = [];
  for (const n of [0, 1, 2, 3, 4, 5, 6, 7, 8, 3]) recent = await withRecent(recent, scene(n));
  expect(recent.map(({ name }) => name)).toEqual([3, 8, 7, 6, 5, 4, 2, 1].map((n) => `${n}.ply`));
});
