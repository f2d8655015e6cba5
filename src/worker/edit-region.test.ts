import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { presets } from "../diffusion/presets.ts";
import { commands } from "../document/commands/index.ts";
import { documentOf, type Doc } from "../document/document.ts";
import { flatten } from "../document/flatten.ts";
import { sceneOf } from "../document/testing/layered.ts";
import { settingsFromPreset } from "../edit/settings.ts";
import { pointScene } from "../scene/testing/point-scene.ts";
import { settingsFor } from "./edit-region.ts";
import type { EditRegion } from "./protocol.ts";

const focus = { center: [4, 0, 0], radius: 5 } as const;
const frame = { up: [0, 1, 0], focus } as const;
const row = (): Doc =>
  documentOf(sceneOf("row", pointScene(Array.from({ length: 10 }, (_, x) => [x, 0, 0] as const))), frame);
const run = async (doc: Doc, id: string, max?: number): Promise<Doc> =>
  commands.get(id).apply(doc, max === undefined ? {} : { attribute: "x", max }, {});
const settings = (doc: Doc, region: EditRegion) =>
  settingsFor({ ...settingsFromPreset(presets.all[0]!), region }, doc, flatten(doc));
const indicesOf = (doc: Doc, region: EditRegion): number[] => {
  const found = settings(doc, region).region;
  return found.kind === "splats" ? Array.from(found.indices) : [];
};
const ball = { kind: "sphere", center: [0, 0, 0], radius: 5 } as const;

describe("the region of an edit", () => {
  it("is what was asked for, where everything may change", () => {
    expect(settings(row(), { kind: "all" }).region).toEqual({ kind: "all" });
    expect(settings(row(), ball)).toMatchObject({ region: ball, focus: "auto" });
  });

  it("is the selection", async () => {
    const doc = await run(row(), "select.range", 3);
    expect(indicesOf(doc, { kind: "selection" })).toEqual([0, 1, 2, 3]);
    expect(() => settings(row(), { kind: "selection" })).toThrow(UserError);
  });

  it("leaves out what is locked, hidden or deleted, and looks where it did", async () => {
    const locked = await run(await run(row(), "select.range", 1), "lock.selected");
    expect(indicesOf(locked, ball)).toEqual([2, 3, 4, 5]);
    expect(settings(locked, ball).focus).toMatchObject({ radius: 5 });
    expect(settings(locked, { kind: "all" }).focus).toEqual(focus);
    const gone = await run(await run(locked, "select.range", 3), "delete.selected");
    expect(indicesOf(gone, ball)).toEqual([2, 3]); // of eight that are left, the first two are locked
  });
});
