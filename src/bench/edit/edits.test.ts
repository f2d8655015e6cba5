import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { ATTRIBUTE_NAMES, ATTRIBUTE_WORDS, captionOf } from "../../cli/scenes/attributes.ts";
import { recipes } from "../../cli/scenes/recipes.ts";
import { createTokenizer } from "../../diffusion/tokenizer.ts";
import { editScenes } from "./edit-scenes.ts";
import { edits, GROUPS } from "./edits.ts";
import type { EditSet } from "./edits.ts";

const folder = join(import.meta.dirname, "../../../models/mini/tokenizer");
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as object;
const tokenizer = createTokenizer({
  tokenizer: read("tokenizer.json"),
  config: read("tokenizer_config.json") as never,
});
const ofSet = (set: EditSet) => edits.all.filter((edit) => edit.set === set);

describe.each(edits.all.map((edit) => [edit.id, edit] as const))("%s", (_, edit) => {
  it("is said in words that the model knows, and asks for a change", () => {
    expect(tokenizer.unknownWords(`${edit.source} ${edit.target}`)).toEqual([]);
    expect(tokenizer.encode(edit.target).truncated).toBe(false);
    expect(edit.target).not.toBe(edit.source);
  });

  it("starts from what its scene shows, and changes what it says and no more", () => {
    expect(editScenes.get(edit.scene).still).toMatchObject(edit.from);
    expect(edit.changes).toHaveLength(1);
    for (const name of edit.changes) expect(edit.to[name]).not.toBe(edit.from[name]);
    for (const name of edit.holds) expect(edit.to[name]).toBe(edit.from[name]);
    expect([...edit.changes, ...edit.holds].sort()).toEqual([...ATTRIBUTE_NAMES].sort());
    for (const name of ATTRIBUTE_NAMES) expect(ATTRIBUTE_WORDS[name]).toContain(edit.to[name]);
  });
});

test("the sets share neither scenes nor edits, and each asks for every kind of change", () => {
  for (const part of ["scene", "target"] as const) {
    const tuned = new Set(ofSet("tuning").map((edit) => edit[part]));
    expect(ofSet("report").filter((edit) => tuned.has(edit[part]))).toEqual([]);
  }
  for (const set of ["tuning", "report"] as const) {
    expect(new Set(ofSet(set).map(({ group }) => group))).toEqual(new Set(GROUPS));
  }
});

test("half of the report's targets are combinations that the model was never shown, none of the tuning set's", () => {
  const report = ofSet("report");
  expect(report.filter(({ heldOut }) => heldOut).length).toBeGreaterThanOrEqual(report.length / 2);
  expect(ofSet("tuning").filter(({ heldOut }) => heldOut)).toEqual([]);
});

test("the small subset holds to scenes that come with the page", () => {
  const quick = edits.all.filter((edit) => edit.quick);
  expect(quick.length).toBeGreaterThan(1);
  for (const { scene } of quick) expect(editScenes.get(scene).isPublic).toBe(true);
});

test("every scene is edited", () => {
  expect(new Set(edits.all.map(({ scene }) => scene))).toEqual(new Set(editScenes.all.map(({ id }) => id)));
});

test("the page's scenes are described as their recipes say", () => {
  for (const { still, source } of recipes) expect(captionOf(still)).toBe(source);
});
