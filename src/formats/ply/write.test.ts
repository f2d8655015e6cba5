import { describe, expect, it } from "vitest";
import { atOnce } from "../../core/pieces.ts";
import { attributeWidth } from "../../scene/attributes.ts";
import { NO_RECORD, takeDocument, withSplats } from "../../scene/document.ts";
import type { SceneDocument } from "../../scene/document.ts";
import { concatSplats, copySplats, splatsEqual, takeSplats, withShDegree } from "../../scene/splats.ts";
import { distinctRecords, makePly, splatNames, splatPly, text } from "../testing/make-ply.ts";
import type { PlyRecipe } from "../testing/make-ply.ts";
import { formatFloat } from "./ascii.ts";
import { readPly as readingPly } from "./read.ts";
import { plySourceOf } from "./source.ts";
import { writePly } from "./write.ts";
import { expectSameBytes } from "../testing/same-bytes.ts";

const readPly = (bytes: Uint8Array, name: string) => atOnce(readingPly(bytes, name));

/** Doubles, properties nobody knows, an odd record size, elements before and after. */
function odd(encoding: PlyRecipe["encoding"], count = 40): Uint8Array<ArrayBuffer> {
  const names = splatNames(9);
  const ascii = encoding === "ascii";
  return makePly({
    encoding,
    lines: ["comment café", "obj_info num_cols 3", "comment splatsmith up 0 1 0"],
    before: {
      lines: ["element camera 1", "property list uchar uchar f"],
      data: ascii ? text("2 8 9\n") : new Uint8Array([2, 8, 9]),
    },
    properties: [
      ["confidence", "uchar"],
      ...names.map((name, i) => [name, i % 3 ? "float" : "double"] as const),
      ["time", "double"],
    ],
    // Thirds are no float32: only a record that is kept as it was can hold them.
    records: distinctRecords(count, names.length).map((record, i) => [i, ...record.map((x) => x / 3), 1 / 3]),
    after: {
      lines: ["element note 3", "property uchar u"],
      data: ascii ? text("7\n8\n9\n") : new Uint8Array([7, 8, 9]),
    },
  });
}

const ascii = splatPly(0, 3, { encoding: "ascii" });
const FILES: Record<string, Uint8Array<ArrayBuffer>> = {
  "SH degree 0": splatPly(0, 40),
  "SH degree 1": splatPly(9, 40),
  "SH degree 2": splatPly(24, 40),
  "SH degree 3": splatPly(45, 40),
  "big-endian numbers": splatPly(45, 40, { encoding: "binary_big_endian" }),
  "more than one block": splatPly(45, 2500),
  "trailing bytes": splatPly(9, 40, { trailing: new Uint8Array([1, 2, 3]) }),
  "doubles and extra data": odd("binary_little_endian"),
  "doubles and extra data, big-endian": odd("binary_big_endian"),
  "doubles and extra data, in ASCII": odd("ascii"),
  "ASCII numbers": splatPly(45, 20, { encoding: "ascii", lineEnd: "\r\n" }),
  "no line end at its end": ascii.slice(0, -1),
  "odd spelling of numbers": text(
    new TextDecoder().decode(ascii).replace("-0.25 ", "\n  -2.50000e-1\t ") + "\n \n",
  ),
};

describe.each(Object.entries(FILES))("writing a scene from a file with %s", (_, bytes) => {
  const document = readPly(bytes, "x.ply");

  it("gives back the very bytes if nothing changed", () => {
    expectSameBytes(writePly(document), bytes);
    expectSameBytes(writePly(withSplats(document, copySplats(document.splats))), bytes);
  });

  it("changes nothing but the edited numbers", () => {
    const splats = copySplats(document.splats);
    const edited = splats.count - 2;
    splats.opacityLogits[edited] = 0.7;
    splats.means[3 * edited + 1] = -1e-9;
    const written = writePly(withSplats(document, splats));

    const { header, vertex, columns, start } = plySourceOf(document.provenance)!;
    const touched = columns.filter(({ name }) => name === "opacity" || name === "y");
    if (header.encoding === "ascii") {
      const before = wordsOf(bytes);
      const after = wordsOf(written);
      const changed = after.flatMap((word, i) => (word === before[i] ? [] : [i]));
      const first = wordsOf(bytes.subarray(0, start)).length + edited * vertex.properties.length;
      expect(after.length).toBe(before.length);
      expect(changed).toEqual(touched.map(({ position }) => first + position));
      expect(changed.map((i) => after[i])).toEqual(["-1e-9", "0.7"]);
    } else {
      const record = start + edited * vertex.stride!;
      const allowed = touched.map(({ property: { offset, type } }) => {
        const from = record + offset;
        return { from, to: from + (type === "float64" ? 8 : 4) };
      });
      expect(written.length).toBe(bytes.length);
      const changed = [...written.keys()].filter((i) => written[i] !== bytes[i]);
      expect(changed.length).toBeGreaterThan(4);
      expect(changed.filter((i) => !allowed.some(({ from, to }) => i >= from && i < to))).toEqual([]);
    }
    const back = readPly(written, "x.ply").splats;
    expect(splatsEqual(back, splats)).toBe(true);
  });

  it("keeps the records of the splats that stay, and drops the others", () => {
    const kept = Uint32Array.of(2, 0);
    const written = writePly(takeDocument(document, kept));
    const back = readPly(written, "x.ply");
    expect(splatsEqual(back.splats, takeSplats(document.splats, kept))).toBe(true);
    expect(back.metadata).toEqual(document.metadata);
    // The records themselves are the old ones: writing the same two from the new file changes nothing.
    expectSameBytes(writePly(takeDocument(back, Uint32Array.of(0, 1))), written);
    const [two, zero] = [recordBytes(document, 2), recordBytes(document, 0)];
    expect([recordBytes(back, 0), recordBytes(back, 1)]).toEqual([two, zero]);
  });

  it("writes records for new splats", () => {
    const { splats } = document;
    const added = concatSplats([splats, takeSplats(splats, Uint32Array.of(1))]);
    const records = Uint32Array.from({ length: added.count }, (_, i) => (i < splats.count ? i : NO_RECORD));
    const grown: SceneDocument = {
      ...document,
      splats: added,
      provenance: { ...document.provenance!, records },
    };
    expect(splatsEqual(readPly(writePly(grown), "x.ply").splats, added)).toBe(true);
  });

  it("adds what the metadata newly says, and nothing else", () => {
    const { comments } = document.metadata;
    const facts = { antialiased: true, up: [0, 0, -1], focus: { center: [1, 2, 3], radius: 4 } } as const;
    const metadata = { comments: [...comments, "second\nthird"], ...facts };
    const written = writePly({ ...document, metadata });
    const back = readPly(written, "x.ply");
    const added = ["second", "third", "SplatRenderMode: mip", "splatsmith up 0 0 -1"];
    added.push("splatsmith focus 1 2 3 4");
    expect(back.metadata).toEqual({ comments: [...comments, ...added], ...facts });
    const { lineEnd } = plySourceOf(document.provenance)!.header;
    expect(written.length - bytes.length).toBe(
      text(added.map((line) => `comment ${line}${lineEnd}`).join("")).length,
    );
    expect(splatsEqual(back.splats, document.splats)).toBe(true);
  });

  it("writes the same splats in the standard layout", () => {
    const written = writePly(document, { layout: "standard" });
    const back = readPly(written, "x.ply");
    expect(splatsEqual(back.splats, document.splats)).toBe(true);
    expect(back.metadata).toEqual(document.metadata);
    expect(plySourceOf(back.provenance)!.vertex.properties.map(({ name }) => name)).toEqual(
      splatNames(3 * (splats3(document) - 1)),
    );
  });
});

describe("writing a scene that was not read from a PLY", () => {
  it("uses INRIA's layout, binary little endian, byte for byte", () => {
    const bytes = splatPly(24, 30);
    const records = distinctRecords(30, splatNames(24).length);
    for (const record of records) record.fill(0, 3, 6);
    const { splats, metadata } = readPly(bytes, "x.ply");
    const written = writePly({ name: "new.ply", splats, metadata, warnings: [] });
    expectSameBytes(written, splatPly(24, 30, { records }));
  });

  it("falls back to it when the number of SH bands changed", () => {
    const document = readPly(splatPly(9, 5), "x.ply");
    const splats = withShDegree(document.splats, 2);
    expect(splatsEqual(readPly(writePly({ ...document, splats }), "x.ply").splats, splats)).toBe(true);
  });
});

describe("spelling float32 numbers", () => {
  it("is short and reads back as the same number", () => {
    expect(
      [0, -0, 1, 0.1, -1e-9, 16777216, NaN, Infinity, -Infinity].map((x) => formatFloat(Math.fround(x))),
    ).toEqual(["0", "-0", "1", "0.1", "-1e-9", "16777216", "nan", "inf", "-inf"]);
    const words = new Uint32Array(1);
    const floats = new Float32Array(words.buffer);
    for (let i = 0; i < 20000; i++) {
      words[0] = Math.imul(i, 0x9e3779b1);
      const value = floats[0]!;
      if (Number.isFinite(value)) expect(Math.fround(Number(formatFloat(value)))).toBe(value);
    }
  });
});

const wordsOf = (bytes: Uint8Array): string[] => new TextDecoder("latin1").decode(bytes).trim().split(/\s+/);

const splats3 = ({ splats }: SceneDocument): number => attributeWidth("sh", splats.shDegree) / 3;

/** A record's bytes in a binary file, its words in an ASCII one. */
function recordBytes({ provenance }: SceneDocument, i: number): unknown {
  const { bytes, start, vertex, lineEnds } = plySourceOf(provenance)!;
  if (lineEnds) return wordsOf(bytes.subarray(i ? lineEnds[i - 1] : start, lineEnds[i]));
  return bytes.slice(start + i * vertex.stride!, start + (i + 1) * vertex.stride!);
}
