import { expect } from "vitest";

/** Compares files; a mismatch is reported as the first differing byte, not as a wall of numbers. */
export function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  const length = Math.max(actual.length, expected.length);
  let at = 0;
  while (at < length && actual[at] === expected[at]) at++;
  const place = (bytes: Uint8Array) => ({ length: bytes.length, at, byte: bytes[at] });
  expect(place(actual)).toEqual(place(expected));
}
