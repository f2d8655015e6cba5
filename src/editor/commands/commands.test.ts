import { describe, expect, it } from "vitest";
import { chordOf, keyLabels, type KeyEventLike } from "./chord.ts";
import { chordsOf, conflictsIn, EMPTY_KEYS, KEYMAPS, withChords } from "./keymap.ts";
import { COMMANDS } from "./table.ts";

const event = (key: string, rest: Partial<KeyEventLike> = {}): KeyEventLike => ({
  key,
  code: "",
  ...{ ctrlKey: false, metaKey: false, shiftKey: false, altKey: false },
  ...rest,
});

describe("a chord", () => {
  it.each<[string, KeyEventLike, boolean]>([
    ["f", event("f"), false],
    ["shift+f", event("F", { shiftKey: true }), false],
    ["f", event("F"), false], // caps lock
    ["mod+shift+z", event("Z", { ctrlKey: true, shiftKey: true }), false],
    ["mod+z", event("z", { metaKey: true }), true],
    ["ctrl+z", event("z", { ctrlKey: true }), true],
    ["?", event("?", { shiftKey: true, code: "Slash" }), false],
    ["[", event("[", { code: "Digit8", ctrlKey: true, altKey: true }), false], // AltGr on Windows
    ["alt+a", event("å", { altKey: true, code: "KeyA" }), true],
    ["r", event("к", { code: "KeyR" }), false], // Cyrillic
    ["space", event(" "), false],
    ["num7", event("7", { code: "Numpad7" }), false],
    ["home", event("Home", { code: "Numpad7" }), false], // without Num Lock
    ["shift+home", event("Home", { shiftKey: true }), false],
  ])("is %s", (chord, pressed, isMac) => expect(chordOf(pressed, isMac)).toBe(chord));

  it("is none for a modifier alone", () => {
    expect(chordOf(event("Shift", { shiftKey: true }), false)).toBeUndefined();
  });

  it("has its keys' names", () => {
    expect(keyLabels("mod+shift+z", false)).toEqual(["Ctrl", "Shift", "Z"]);
    expect(keyLabels("mod++", false)).toEqual(["Ctrl", "+"]);
    expect(keyLabels("mod+k", true)).toEqual(["⌘", "K"]);
    expect(keyLabels("num7", false)).toEqual(["Num 7"]);
  });
});

describe("the table of commands", () => {
  it("names each command once", () => {
    expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length);
  });

  it.each(KEYMAPS)("has no key twice in the keymap of $label", ({ id }) => {
    expect(conflictsIn(COMMANDS, { preset: id, overrides: {} })).toEqual([]);
  });
});

describe("other keys", () => {
  const undo = { id: "undo", keys: ["mod+z"] };
  const frame = { id: "frame", keys: { supersplat: ["f"], blender: ["."] } };

  it("are the user's before the keymap's", () => {
    const settings = withChords(EMPTY_KEYS, undo, ["u"]);
    expect(chordsOf(undo, settings)).toEqual(["u"]);
    expect(chordsOf(frame, settings)).toEqual(["f"]);
    expect(chordsOf(frame, { ...settings, preset: "blender" })).toEqual(["."]);
  });

  it("may be none, and go back to the keymap's when they are the same", () => {
    expect(chordsOf(undo, withChords(EMPTY_KEYS, undo, []))).toEqual([]);
    expect(withChords(withChords(EMPTY_KEYS, undo, ["u"]), undo, ["mod+z"])).toEqual(EMPTY_KEYS);
  });

  it("are noticed when two commands want them", () => {
    const settings = withChords(EMPTY_KEYS, undo, ["f"]);
    expect(conflictsIn([undo, frame], settings)).toEqual([{ chord: "f", ids: ["undo", "frame"] }]);
  });
});
