import { describe, expect, it } from "vitest";
import { atOnce } from "../core/pieces.ts";
import { ATTRIBUTES, attributeWidth, createSplats } from "./attributes.ts";
import type { ShDegree } from "./attributes.ts";
import { NO_RECORD, takeDocument } from "./document.ts";
import type { SceneDocument } from "./document.ts";
import {
  concatSplats,
  copySplats,
  findNonFinite,
  splatsEqual,
  splatsFrom,
  takeSplats,
  withShDegree,
} from "./splats.ts";

/** Every number tells its splat, and differs from every other of that splat. */
function numbered(count: number, shDegree: ShDegree, base = 0) {
  const splats = createSplats(count, shDegree);
  ATTRIBUTES.forEach((attribute, a) => {
    const width = attributeWidth(attribute, shDegree);
    splats[attribute].forEach((_, i, values) => {
      values[i] = 1000 * (base + Math.floor(i / width)) + 100 * a + (i % width);
    });
  });
  return splats;
}

describe("splats in memory", () => {
  it("are taken by index, in the order asked for", () => {
    const taken = takeSplats(numbered(5, 2), Uint32Array.of(3, 0, 3));
    const [three, zero] = [numbered(1, 2, 3), numbered(1, 2, 0)];
    expect(splatsEqual(taken, concatSplats([three, zero, three]))).toBe(true);
    expect(() => takeSplats(numbered(5, 2), Uint32Array.of(5))).toThrow(/index 5 of 5/);
  });

  it("are joined at the highest SH degree among them", () => {
    const low = numbered(2, 0);
    const high = numbered(3, 3);
    const all = concatSplats([low, high]);
    expect([all.count, all.shDegree]).toEqual([5, 3]);
    expect(splatsEqual(withShDegree(takeSplats(all, Uint32Array.of(0, 1)), 0), low)).toBe(true);
    expect(splatsEqual(takeSplats(all, Uint32Array.of(2, 3, 4)), high)).toBe(true);
    expect([...all.sh.subarray(3, 48)].every((value) => value === 0)).toBe(true);
    expect(concatSplats([]).count).toBe(0);
  });

  it("are equal if every bit is", () => {
    const splats = numbered(3, 1);
    const copy = copySplats(splats);
    copy.means[0] = -0;
    expect(splatsEqual(splats, copy)).toBe(false);
    splats.means[0] = -0;
    splats.sh[7] = NaN;
    copy.sh[7] = NaN;
    expect(splatsEqual(splats, copy)).toBe(true);
    expect(splatsEqual(splats, takeSplats(splats, Uint32Array.of(0, 1)))).toBe(false);
  });

  it("are checked for their lengths when made from arrays", () => {
    const splats = numbered(3, 1);
    expect(splatsEqual(splatsFrom(3, 1, splats), splats)).toBe(true);
    expect(() => splatsFrom(3, 2, splats)).toThrow(/sh: got 36 values, expected 81/);
  });

  it("report their non-finite values by attribute and kind", () => {
    const splats = numbered(6, 1);
    expect(atOnce(findNonFinite(splats))).toEqual([]);
    splats.sh[12 * 4 + 3] = NaN;
    splats.sh[12 * 2 + 1] = NaN;
    splats.sh[12 * 2 + 2] = NaN;
    splats.opacityLogits[5] = -Infinity;
    expect(atOnce(findNonFinite(splats))).toEqual([
      { attribute: "opacityLogits", kind: "-infinity", count: 1, first: 5 },
      { attribute: "sh", kind: "NaN", count: 2, first: 2 },
    ]);
  });
});

describe("a document", () => {
  it("keeps each splat tied to its record when splats are taken twice", () => {
    const document: SceneDocument = {
      name: "x",
      splats: numbered(5, 0),
      metadata: { comments: [], antialiased: false },
      warnings: [],
      provenance: { format: "ply", source: null, records: Uint32Array.of(7, 8, NO_RECORD, 10, 11) },
    };
    const once = takeDocument(document, Uint32Array.of(4, 2, 0));
    const twice = takeDocument(once, Uint32Array.of(2, 1));
    expect([...twice.provenance!.records!]).toEqual([7, NO_RECORD]);
    expect(splatsEqual(twice.splats, takeSplats(document.splats, Uint32Array.of(0, 2)))).toBe(true);
    const { provenance, ...rest } = document;
    expect(provenance && takeDocument(rest, Uint32Array.of(1)).splats.count).toBe(1);
  });
});
