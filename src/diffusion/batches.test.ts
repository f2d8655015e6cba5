import { expect, test } from "vitest";
import { callSize } from "./batches.ts";

test.each([
  { rows: 3, limit: Infinity, size: 3 },
  { rows: 3, limit: 2, size: 1 },
  { rows: 4, limit: 3, size: 2 },
  { rows: 5, limit: 0, size: 1 },
  { rows: 3, limit: Infinity, before: 3, size: 3 },
  // A size is kept or divided, never raised: each is one loading of the network.
  { rows: 6, limit: Infinity, before: 3, size: 3 },
  { rows: 4, limit: Infinity, before: 6, size: 2 },
  { rows: 1, limit: Infinity, before: 3, size: 1 },
  { rows: 3, limit: Infinity, before: 1, size: 1 },
])(
  "$rows rows, at most $limit a call, calls of $before before: $size each",
  ({ rows, limit, before, size }) => {
    expect(callSize(rows, limit, before)).toBe(size);
  },
);
