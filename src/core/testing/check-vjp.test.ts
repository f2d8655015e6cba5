import { expect, test } from "vitest";
import { createRng } from "../rng.ts";
import { checkVjp, failures, type Fields } from "./check-vjp.ts";

const x: Fields = { a: Float64Array.of(0.3, -1.2), b: Float64Array.of(2) };
const forward = ({ a, b }: Fields): Fields => ({ y: a!.map((value) => Math.sin(value) * b![0]!) });
const vjp = ({ a, b }: Fields, { y }: Fields): Fields => ({
  a: a!.map((value, i) => Math.cos(value) * b![0]! * y![i]!),
  b: Float64Array.of(a!.reduce((sum, value, i) => sum + Math.sin(value) * y![i]!, 0)),
});

test("a right derivative passes", async () => {
  expect(failures(await checkVjp({ forward, vjp, x, rng: createRng(1) }))).toEqual([]);
});

test("a derivative that is wrong in one element is named", async () => {
  const wrong = (at: Fields, v: Fields): Fields => {
    const { a, b } = vjp(at, v);
    return { a: a!.map((value, i) => (i === 1 ? 1.001 * value : value)), b: b! };
  };
  const found = failures(await checkVjp({ forward, vjp: wrong, x, rng: createRng(1), directions: 0 }));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^a\[1\]/);
});

test("a derivative that is not a number fails", async () => {
  const broken = (at: Fields, v: Fields): Fields => ({ ...vjp(at, v), b: Float64Array.of(NaN) });
  expect(failures(await checkVjp({ forward, vjp: broken, x, rng: createRng(1) }))).not.toEqual([]);
});
