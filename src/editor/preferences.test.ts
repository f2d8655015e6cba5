import { expect, it } from "vitest";
import { createPage, togglePanel } from "./page.ts";

const storageWith = (text: string | null) => {
  let saved = text;
  return { getItem: () => saved, setItem: (_key: string, value: string) => void (saved = value) };
};

it("are there again on the next visit", () => {
  const storage = storageWith(null);
  const page = createPage(storage);
  togglePanel(page, "left", false);
  page.setState({ keys: { preset: "blender", overrides: { "edit.undo": ["u"] } } });
  page.setState({ model: { kind: "stored", id: "owner/name" }, memoryBudget: 6e9 });
  expect(createPage(storage).getState()).toMatchObject({
    model: { kind: "stored", id: "owner/name" },
    memoryBudget: 6e9,
    panels: { left: false, right: true, dock: true },
    keys: { preset: "blender", overrides: { "edit.undo": ["u"] } },
  });
});

it.each([
  "not json",
  "[]",
  '{"version":0,"panels":{"left":false}}',
  '{"version":1,"panels":{"left":"no"},"keys":{"preset":"vi","overrides":{}}}',
  '{"version":1,"keys":{"preset":"blender","overrides":{"edit.undo":"u"}},"panels":7}',
  '{"version":1,"model":{"kind":"embedded","id":"gone"}}',
  '{"version":1,"memoryBudget":"8 GB"}',
  '{"version":1,"memoryBudget":-1}',
  '{"version":1,"model":{"kind":"folder","files":[]}}',
])("are the defaults where storage holds %s", (text) => {
  const { panels, keys, model, memoryBudget } = createPage(storageWith(text)).getState();
  expect(panels).toEqual({ left: true, right: true, dock: true });
  expect(keys.overrides).toEqual({});
  expect(model).toEqual({ kind: "embedded", id: "mini" });
  expect(memoryBudget).toBeUndefined();
});

it("do without storage", () => {
  const forbidden = (): never => {
    throw new DOMException("denied", "SecurityError");
  };
  const page = createPage({ getItem: forbidden, setItem: forbidden });
  togglePanel(page, "dock");
  expect(page.getState().panels.dock).toBe(false);
});
