import { expect, test } from "vitest";
import { createLru } from "./lru.ts";

const cache = () => createLru<string>(10, ({ length }) => length);

test("what was used longest ago goes first", () => {
  const lru = cache();
  for (const key of ["a", "b", "c"]) lru.set(key, "xxx");
  expect(lru.get("a")).toBe("xxx"); // now b is the oldest
  lru.set("d", "xxx");
  expect(["a", "b", "c", "d"].map((key) => lru.get(key) !== undefined)).toEqual([true, false, true, true]);
  expect(lru.bytes).toBe(9);
});

test("a key set again takes its room once", () => {
  const lru = cache();
  lru.set("a", "xxxx");
  lru.set("a", "xxxxxx");
  expect(lru.bytes).toBe(6);
  expect(lru.get("a")).toBe("xxxxxx");
});

test("a value larger than all the room is not kept", () => {
  const lru = cache();
  lru.set("a", "x".repeat(11));
  expect(lru.get("a")).toBeUndefined();
  expect(lru.bytes).toBe(0);
});
