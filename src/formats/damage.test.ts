import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { createRng } from "../core/rng.ts";
import { formats, readScene } from "./index.ts";
import { splatPly, text } from "./testing/make-ply.ts";

const WHOLE: Record<string, Uint8Array<ArrayBuffer>> = {
  "little endian": splatPly(9, 12),
  "big endian": splatPly(0, 12, { encoding: "binary_big_endian" }),
  ASCII: splatPly(0, 12, { encoding: "ascii" }),
  "with lists after it": splatPly(0, 12, {
    after: {
      lines: ["element face 2", "property list uchar int i"],
      data: new Uint8Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
    },
  }),
};

/** Either a scene or a UserError; anything else, a hang included, is a bug. */
function outcome(bytes: Uint8Array<ArrayBuffer>): "read" | "warned" | "refused" {
  try {
    return readScene(bytes, "x.ply").warnings.length ? "warned" : "read";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return "refused";
  }
}

describe.each(Object.entries(WHOLE))("a damaged file (%s)", (_, whole) => {
  it("is refused, or read with a warning, wherever it is cut", () => {
    const complete = readScene(whole, "x.ply").splats.count;
    for (let length = 0; length < whole.length; length++) {
      const part = whole.slice(0, length);
      const result = outcome(part);
      expect(result, `cut at ${length}`).not.toBe("read");
      if (result === "warned") expect(readScene(part, "x.ply").splats.count).toBe(complete);
    }
  });

  it("never crashes the reader, whatever bytes are changed", () => {
    const rng = createRng("flip");
    for (let round = 0; round < 400; round++) {
      const bytes = whole.slice();
      // Most rounds hit the header, where a byte means most.
      const reach = round % 4 ? 400 : bytes.length;
      for (let i = 0; i <= round % 5; i++) bytes[rng.int(Math.min(reach, bytes.length))] = rng.int(256);
      outcome(bytes);
    }
  });

  it("never crashes the reader, whatever lines are lost, doubled or swapped", () => {
    const rng = createRng("lines");
    const latin1 = new TextDecoder("latin1").decode(whole);
    for (let round = 0; round < 300; round++) {
      const lines = latin1.split("\n");
      const from = 1 + rng.int(lines.length - 1);
      const to = 1 + rng.int(lines.length - 1);
      if (round % 3 === 0) lines.splice(from, 1);
      else if (round % 3 === 1) lines.splice(to, 0, lines[from]!);
      else [lines[from], lines[to]] = [lines[to]!, lines[from]!];
      outcome(text(lines.join("\n")));
    }
  });
});

describe("random bytes", () => {
  it("are refused by every format that thinks they are its own", () => {
    const rng = createRng("random");
    const header = new TextDecoder("latin1").decode(splatPly(0, 1)).split("end_header")[0]!;
    for (let round = 0; round < 300; round++) {
      const noise = Uint8Array.from({ length: rng.int(300) }, () => rng.int(256));
      expect(outcome(noise)).toBe("refused");
      for (const start of ["ply\n", "ply\nformat ascii 1.0\n", `${header}end_header\n`]) {
        const bytes = new Uint8Array([...text(start), ...noise]);
        if (formats.all.some(({ sniff }) => sniff(bytes))) outcome(bytes);
      }
    }
  });
});
