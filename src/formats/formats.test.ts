/** What every format has to keep to; a new file in this folder is tested by being there. */
import { describe, expect, it } from "vitest";
import { createRng } from "../core/rng.ts";
import { ATTRIBUTES, createSplats } from "../scene/attributes.ts";
import type { SceneDocument } from "../scene/document.ts";
import { splatsEqual } from "../scene/splats.ts";
import { formats, readScene, writeScene } from "./index.ts";

function randomScene(shDegree: 0 | 1 | 2 | 3): SceneDocument {
  const rng = createRng(`scene ${shDegree}`);
  const splats = createSplats(37, shDegree);
  for (const attribute of ATTRIBUTES) splats[attribute].forEach((_, i, all) => (all[i] = rng.normal()));
  const metadata = { comments: ["a comment"], antialiased: true, up: [0, 0, 1] as const };
  return { name: "random", splats, metadata, warnings: [] };
}

it("has PLY, and every format under its own id and extensions", () => {
  expect(formats.has("ply")).toBe(true);
  const extensions = formats.all.flatMap((format) => [...format.extensions]);
  expect(new Set(extensions).size).toBe(extensions.length);
  for (const extension of extensions) expect(extension).toMatch(/^[a-z0-9.]+$/);
});

describe.each(formats.all.filter(({ write }) => write).map((format) => [format.id, format] as const))(
  "%s",
  (id, format) => {
    it.each([0, 1, 2, 3] as const)("reads what it writes, at SH degree %i", (shDegree) => {
      const scene = randomScene(shDegree);
      const bytes = writeScene(scene, { format: id });
      expect(formats.all.filter(({ sniff }) => sniff(bytes))).toEqual([format]);
      const back = readScene(bytes, "random");
      expect(back.warnings).toEqual([]);
      expect(back.provenance?.format).toBe(id);
      expect(back.splats.count).toBe(scene.splats.count);
      expect(splatsEqual(back.splats, scene.splats)).toBe(true);
      expect(back.metadata).toMatchObject({ antialiased: true, up: [0, 0, 1] });
    });

    it("leaves the scene and the file it was read from alone", () => {
      const scene = randomScene(1);
      const bytes = writeScene(scene, { format: id });
      const kept = bytes.slice();
      const document = readScene(bytes, "random");
      document.splats.means.fill(7);
      writeScene(document);
      expect(Buffer.compare(bytes, kept)).toBe(0);
      expect(splatsEqual(scene.splats, randomScene(1).splats)).toBe(true);
    });
  },
);
