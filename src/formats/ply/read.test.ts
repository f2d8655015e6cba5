import { describe, expect, it } from "vitest";
import { atOnce } from "../../core/pieces.ts";
import { shCoefficients } from "../../scene/attributes.ts";
import { distinctRecords, makePly, splatNames, splatPly, text } from "../testing/make-ply.ts";
import { readPly as readingPly } from "./read.ts";

const readPly = (bytes: Uint8Array, name: string) => atOnce(readingPly(bytes, name));

const degrees = [0, 1, 2, 3] as const;

describe("reading a splat PLY", () => {
  it.each(degrees)("finds every number of SH degree %i where the file has it", (degree) => {
    const perChannel = shCoefficients(degree) - 1;
    const names = splatNames(3 * perChannel);
    const records = distinctRecords(5, names.length);
    const { splats } = readPly(splatPly(3 * perChannel, 5), "x.ply");
    expect(splats.shDegree).toBe(degree);
    expect(splats.count).toBe(5);

    const value = (splat: number, name: string): number => records[splat]![names.indexOf(name)]!;
    for (let i = 0; i < 5; i++) {
      expect([...splats.means.subarray(3 * i, 3 * i + 3)]).toEqual(["x", "y", "z"].map((n) => value(i, n)));
      expect([...splats.logScales.subarray(3 * i, 3 * i + 3)]).toEqual(
        [0, 1, 2].map((k) => value(i, `scale_${k}`)),
      );
      expect([...splats.quaternions.subarray(4 * i, 4 * i + 4)]).toEqual(
        [0, 1, 2, 3].map((k) => value(i, `rot_${k}`)),
      );
      expect(splats.opacityLogits[i]).toBe(value(i, "opacity"));
      const K = perChannel + 1;
      for (let channel = 0; channel < 3; channel++) {
        expect(splats.sh[3 * K * i + channel]).toBe(value(i, `f_dc_${channel}`));
        for (let k = 1; k < K; k++) {
          const name = `f_rest_${channel * perChannel + k - 1}`;
          expect(splats.sh[3 * K * i + 3 * k + channel]).toBe(value(i, name));
        }
      }
    }
  });

  it("reads the same splats from every encoding, order of properties and number type", () => {
    const names = splatNames(9);
    const records = distinctRecords(7, names.length);
    const reference = readPly(splatPly(9, 7), "x.ply").splats;
    const order = names.map((_, i) => i).sort((a, b) => ((a * 7) % 31) - ((b * 7) % 31));
    for (const encoding of ["ascii", "binary_little_endian", "binary_big_endian"] as const) {
      for (const type of ["float", "double"] as const) {
        const bytes = makePly({
          encoding,
          properties: [["flag", "uchar"], ...order.map((i) => [names[i]!, type] as const), ["id", "int32"]],
          records: records.map((record, i) => [i % 256, ...order.map((j) => record[j]!), -i]),
        });
        const { splats, warnings } = readPly(bytes, "x.ply");
        expect(warnings).toEqual([]);
        expect(splats).toEqual(reference);
      }
    }
  });

  it("reads files whose records lie at any alignment", () => {
    const reference = readPly(splatPly(0, 9), "x.ply").splats;
    for (const padding of ["", "a", "ab", "abc"]) {
      const { splats } = readPly(splatPly(0, 9, { lines: [`comment ${padding}`] }), "x.ply");
      expect(splats).toEqual(reference);
    }
  });

  it("reads more splats than one block holds", () => {
    const { splats } = readPly(splatPly(45, 3000, { encoding: "binary_big_endian" }), "x.ply");
    expect(splats.means[3 * 2999]).toBe(2999 - 0.25);
    expect(splats.opacityLogits[1234]).toBe(1234 + splatNames(45).indexOf("opacity") / 128 - 0.25);
  });

  it("accepts carriage returns, extra spaces, blank lines and elements around the splats", () => {
    const reference = readPly(splatPly(0, 3), "x.ply").splats;
    const list = new Uint8Array([2, 1, 2, 3, 9, 9, 9]); // 2 items, 3 items
    const bytes = splatPly(0, 3, {
      lineEnd: "\r\n",
      lines: ["obj_info  something", "comment  padded ", ""],
      before: { lines: ["element  camera   2 ", "property list uchar  uchar ids"], data: list },
      after: {
        lines: ["element extra 1", "property double d", "property list uint8 uint8 e"],
        data: new Uint8Array(10).fill(0, 8, 9).fill(1, 8, 9),
      },
    });
    const { splats, warnings } = readPly(bytes, "x.ply");
    expect(splats).toEqual(reference);
    expect(warnings).toEqual([]);
  });

  it("skips elements before the splats and blank lines in ASCII", () => {
    const reference = readPly(splatPly(0, 3), "x.ply").splats;
    const bytes = splatPly(0, 3, {
      encoding: "ascii",
      before: { lines: ["element camera 2", "property float f"], data: text("1.5\n\n2.5\n  \n") },
      after: { lines: ["element last 1", "property int i"], data: text("\n7\n") },
    });
    const { splats, warnings } = readPly(bytes, "x.ply");
    expect(splats).toEqual(reference);
    expect(warnings).toEqual([]);
  });

  it("reads carriage returns alone, even where the first data byte looks like a line feed", () => {
    const names = splatNames(0);
    const records = distinctRecords(2, names.length);
    const view = new DataView(new ArrayBuffer(4));
    view.setUint8(0, 10);
    view.setUint8(3, 0x40);
    records[0]![0] = view.getFloat32(0, true);
    const bytes = splatPly(0, 2, { lineEnd: "\r", records });
    expect(readPly(bytes, "x.ply").splats.means[0]).toBe(records[0]![0]);
    const ascii = splatPly(0, 2, { lineEnd: "\r", encoding: "ascii" });
    expect(readPly(ascii, "x.ply").splats.count).toBe(2);
  });

  it("takes the facts that splat tools keep in comments; the last line wins", () => {
    const read = (...lines: string[]) => readPly(splatPly(0, 1, { lines }), "x.ply").metadata;
    expect(read("comment made by hand")).toEqual({ comments: ["made by hand"], antialiased: false });
    expect(read("comment SplatRenderMode: mip").antialiased).toBe(true);
    expect(read("comment splatrendermode: MIP", "comment SplatRenderMode: default").antialiased).toBe(false);
    expect(read("comment antialiased 1").antialiased).toBe(true);
    expect(read("comment splatsmith up 0 -2 0").up).toEqual([0, -1, 0]);
    expect(read("comment Vertical axis: 0 0 1").up).toEqual([0, 0, 1]);
    expect(read("comment Vertical axis: y").up).toBeUndefined();
    expect(read("comment splatsmith up 0 0 0").up).toBeUndefined();
    expect(read("comment splatsmith focus 1 -2 0.5 3").focus).toEqual({ center: [1, -2, 0.5], radius: 3 });
    expect(read("comment splatsmith focus 1 2 3").focus).toBeUndefined();
    expect(read("comment splatsmith focus 1 2 3 0").focus).toBeUndefined();
    expect(read("comment Grüße").comments).toEqual(["Grüße"]);
  });

  it("warns of infinite opacities, sizes of zero, and rotations of length zero, and keeps them", () => {
    const names = splatNames(0);
    const records = distinctRecords(4, names.length);
    records[1]![names.indexOf("opacity")] = Infinity;
    records[2]![names.indexOf("opacity")] = -Infinity;
    records[3]![names.indexOf("scale_2")] = -Infinity;
    for (const k of [0, 1, 2, 3]) records[2]![names.indexOf(`rot_${k}`)] = 0;
    const { splats, warnings } = readPly(splatPly(0, 4, { records }), "x.ply");
    expect(splats.opacityLogits[1]).toBe(Infinity);
    expect(warnings).toHaveLength(4);
    expect(warnings.join()).toMatch(
      /Opacity is \+infinity in 1 splat \(splat number 1.*Scale is -infinity|rotation/,
    );
  });

  it("warns of bytes after the last splat, and says how many splats they could be", () => {
    const more = readPly(splatPly(0, 2, { trailing: new Uint8Array(68 + 5) }), "x.ply");
    expect(more.splats.count).toBe(2);
    expect(more.warnings).toEqual([expect.stringMatching(/73 bytes.*1 more splat/)]);
    const few = readPly(splatPly(0, 2, { trailing: new Uint8Array(5) }), "x.ply");
    expect(few.warnings).toEqual([expect.stringMatching(/^5 bytes after the last splat are ignored\.$/)]);
  });
});
