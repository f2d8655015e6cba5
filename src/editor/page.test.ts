import { describe, expect, it } from "vitest";
import { createPage, setNarrow, togglePanel } from "./page.ts";

const open = () => createPage({ getItem: () => null, setItem: () => {} });

describe("side panels", () => {
  it("make way for each other where there is room for one, and are both back where there is for two", () => {
    const page = open();
    const sides = () => [page.getState().panels.left, page.getState().panels.right];
    setNarrow(page, true);
    expect(sides()).toEqual([false, true]);
    togglePanel(page, "left");
    expect(sides()).toEqual([true, false]);
    setNarrow(page, false);
    expect(sides()).toEqual([true, true]);
  });

  it("that the user closed stay closed", () => {
    const page = open();
    togglePanel(page, "left");
    setNarrow(page, true);
    setNarrow(page, false);
    expect(page.getState().panels).toMatchObject({ left: false, right: true });
    togglePanel(page, "left");
    setNarrow(page, true);
    togglePanel(page, "right");
    setNarrow(page, false);
    expect(page.getState().panels).toMatchObject({ left: false, right: false });
  });
});
