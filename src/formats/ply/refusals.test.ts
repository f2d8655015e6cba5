import { describe, expect, it } from "vitest";
import { UserError } from "../../core/errors.ts";
import { readScene } from "../index.ts";
import { bytesOf, distinctRecords, makePly, splatNames, splatPly, text } from "../testing/make-ply.ts";

function refusal(bytes: Uint8Array<ArrayBuffer>, name = "x.ply"): UserError {
  try {
    readScene(bytes, name);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).hint).not.toBe("");
    expect((error as UserError).message).toContain(name);
    return error as UserError;
  }
  throw new Error("the file was read, but should have been refused");
}

const ply = (...lines: string[]) => text(["ply", ...lines, ""].join("\n"));
const names = splatNames(0);
const records = (change: (record: number[], i: number) => void): number[][] =>
  distinctRecords(10, names.length).map((record, i) => {
    change(record, i);
    return record;
  });

const position = ["property float x", "property float y", "property float z"];
const colours = ["property uchar red", "property uchar green", "property uchar blue"];
const triangle = ["element face 1", "property list uchar int vertex_indices"];

const CASES: readonly [what: string, bytes: Uint8Array<ArrayBuffer>, says: RegExp, name?: string][] = [
  ["an empty file", new Uint8Array(0), /empty \(0 bytes\)/],
  [
    "a mesh",
    ply("format ascii 1.0", "element vertex 3", ...position, ...triangle, "end_header"),
    /a mesh.*3 vertex, 1 face/,
  ],
  [
    "a coloured point cloud",
    ply("format ascii 1.0", "element vertex 5", ...position, ...colours, "end_header"),
    /coloured point cloud.*no f_dc, opacity, scale and rot/,
  ],
  ["a point cloud", ply("format ascii 1.0", "element vertex 5", ...position, "end_header"), /a point cloud/],
  [
    "a compressed PLY",
    ply(
      "format binary_little_endian 1.0",
      "element chunk 1",
      "property float min_x",
      "element vertex 5",
      "property uint packed_position",
      "end_header",
    ),
    /compressed splat scene \(PlayCanvas.*not yet supported/,
  ],
  [
    "a scene of flat splats",
    splatPly(0, 2, { properties: names.filter((n) => n !== "scale_2").map((n) => [n, "float"] as const) }),
    /2D Gaussian.*scale_2/,
  ],
  [
    "a missing property",
    splatPly(0, 2, { properties: names.filter((n) => n !== "opacity").map((n) => [n, "float"] as const) }),
    /lacks 1 of.*opacity/,
  ],
  [
    "a PLY without vertices",
    ply("format ascii 1.0", "element point 5", ...position, "end_header"),
    /no vertex element.*5 point/,
  ],
  ["a splat file without splats", splatPly(0, 0), /without splats/],
  ["a header without end", ply("format ascii 1.0", "element vertex 5"), /no “end_header”/],
  [
    "a format of the future",
    ply("format binary_pdp_endian 1.0", "element vertex 1", ...position, "end_header"),
    /unknown format/,
  ],
  ["no format", ply("element vertex 1", ...position, "end_header"), /names no format/],
  [
    "an unknown type",
    ply("format ascii 1.0", "element vertex 1", "property half x", "end_header"),
    /unknown type.*half x/,
  ],
  ["a property too early", ply("format ascii 1.0", ...position, "end_header"), /property before any element/],
  [
    "nonsense in the header",
    ply("format ascii 1.0", "elephant vertex 1", "end_header"),
    /cannot read.*elephant/,
  ],
  ["a negative count", splatPly(0, 2, { count: -1 }), /impossible count/],
  ["a count that is no number", splatPly(0, 2, { count: "many" }), /impossible count/],
  ["a count beyond all numbers", splatPly(0, 2, { count: "9007199254740993" }), /impossible count/],
  ["a count of 2^53 − 1", splatPly(0, 2, { count: 2 ** 53 - 1 }), /2 of 9,007,199,254,740,991 splats/],
  [
    "a count of 2^53 − 1 in ASCII",
    splatPly(0, 2, { count: 2 ** 53 - 1, encoding: "ascii" }),
    /2 of 9,007,199,254,740,991 splats/,
  ],
  [
    "two properties of one name",
    ply("format ascii 1.0", "element vertex 1", "property float x", "property float x", "end_header"),
    /two properties named “x”/,
  ],
  [
    "two elements of one name",
    ply("format ascii 1.0", "element vertex 1", "property float x", "element vertex 1", "end_header"),
    /two elements/,
  ],
  [
    "a list among the splat's properties",
    splatPly(0, 1, { after: { lines: ["property list uchar int more"], data: text("") } }),
    /list “more” in its vertex/,
  ],
  ["an impossible number of SH bands", splatPly(12, 1), /12 f_rest properties.*0, 9, 24 or 45/],
  [
    "SH bands that are not numbered in a row",
    makePly({
      encoding: "ascii",
      properties: splatNames(9).map((n) => [n.replace("rest_3", "rest_30"), "float"] as const),
      records: [],
    }),
    /f_rest_3 missing/,
  ],
  [
    "opacity as a byte",
    splatPly(0, 1, { properties: names.map((n) => [n, n === "opacity" ? "uchar" : "float"] as const) }),
    /stores opacity as uint8/,
  ],
  ["a file cut short", splatPly(0, 10).slice(0, -100), /8 of 10 splats/],
  ["an ASCII file cut between lines", cut(splatPly(0, 10, { encoding: "ascii" }), 3, 0), /7 of 10 splats/],
  ["an ASCII file cut inside a line", cut(splatPly(0, 10, { encoding: "ascii" }), 3, 20), /7 of 10 splats/],
  [
    "too many numbers in a line",
    replaced(splatPly(0, 10, { encoding: "ascii" }), "\n1.75", "\n5 1.75"),
    /record 3 of 10 has 18 numbers, its header declares 17/,
  ],
  [
    "a word among numbers",
    replaced(splatPly(0, 10, { encoding: "ascii" }), "\n1.75", "\nhello"),
    /“hello” in record 3 of 10/,
  ],
  [
    "elements before the splats that never end",
    splatPly(0, 2, {
      before: { lines: ["element a 9", "property list uint8 int b"], data: new Uint8Array([255]) },
    }),
    /0 of 2 splats/,
  ],
  [
    "a negative list length",
    splatPly(0, 2, {
      before: { lines: ["element a 9", "property list char int b"], data: new Uint8Array([200]) },
    }),
    /0 of 2 splats/,
  ],
  [
    "NaN positions",
    splatPly(0, 10, { records: records((r, i) => (i % 4 === 3 ? (r[1] = NaN) : 0)) }),
    /position is NaN in 2 splats \(the first is number 3/,
  ],
  [
    "an infinite position",
    splatPly(0, 10, { encoding: "ascii", records: records((r, i) => (i === 5 ? (r[2] = -Infinity) : 0)) }),
    /position is -infinity in 1 splat \(splat number 5/,
  ],
  [
    "NaN colours and rotations",
    splatPly(0, 10, { records: records((r) => (r.fill(NaN, 6, 7), r.fill(NaN, 16, 17))) }),
    /rotation is NaN.*colour is NaN/,
  ],
  [
    "an infinite scale",
    splatPly(0, 10, { records: records((r) => r.fill(Infinity, 11, 12)) }),
    /scale is \+infinity in 10 splats/,
  ],
  ["a NaN opacity", splatPly(0, 10, { records: records((r) => r.fill(NaN, 9, 10)) }), /opacity is NaN/],
  ["a web page", text("\n<!DOCTYPE html><html>404</html>"), /a web page/],
  ["a zip", bytesOf(text("PK\x03\x04"), new Uint8Array(60)), /zip archive/, "scene.zip"],
  ["a SOG bundle", bytesOf(text("PK\x03\x04"), new Uint8Array(60)), /SOG/, "scene.sog"],
  ["an SPZ", new Uint8Array([0x1f, 0x8b, 8, 0]), /SPZ/, "scene.spz"],
  ["an SPZ version 4", text("NGSP\x04"), /SPZ/, "scene.bin"],
  ["a .splat", new Uint8Array(64).fill(7), /a \.splat scene/, "scene.splat"],
  ["a .ksplat", new Uint8Array(5000), /\.ksplat/, "scene.ksplat"],
  ["a GLB", text("glTF\x02"), /glTF/, "scene.glb"],
  ["a PNG", new Uint8Array([0x89, 0x50, 0x4e, 0x47]), /a picture/, "x.png"],
  ["a Git LFS pointer", text("version https://git-lfs.github.com/spec/v1\noid sha256:0"), /Git LFS/],
  ["anything else", new Uint8Array([1, 2, 3]), /not a scene file/],
  ["a name that begins like a PLY's", text("plywood\n"), /not a scene file/],
];

/** Cuts before the last `lines` lines, plus some bytes of the first of them. */
function cut(bytes: Uint8Array<ArrayBuffer>, lines: number, extra: number): Uint8Array<ArrayBuffer> {
  const all = new TextDecoder().decode(bytes).split("\n").slice(0, -1);
  const kept = all.slice(0, -lines).join("\n").length + 1;
  return bytes.slice(0, kept + extra);
}

function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array<ArrayBuffer> {
  const before = new TextDecoder().decode(bytes);
  expect(before).toContain(from);
  return text(before.replace(from, to));
}

describe("refusing what is no splat scene", () => {
  it.each(CASES)("says what is wrong with %s", (_, bytes, says, name) => {
    expect(refusal(bytes, name).message).toMatch(says);
  });
});
