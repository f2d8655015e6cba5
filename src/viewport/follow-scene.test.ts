import { describe, expect, it } from "vitest";
import type { Vec3 } from "../camera/camera.ts";
import { createSessionStore } from "../editor/store.ts";
import type { DocumentInfo, SceneInfo } from "../worker/protocol.ts";
import { followScene } from "./follow-scene.ts";

const focusAt = (x: number) => ({ center: [x, 0, 0], radius: 1 }) as const;
const scene = { name: "scan.ply", focus: focusAt(0), up: [0, -1, 0] } as unknown as SceneInfo;

describe("the view of a scene", () => {
  const store = createSessionStore();
  const seen: unknown[] = [];
  followScene(store, {
    show: ({ focus, up }) => seen.push(["show", focus.center[0], up]),
    setFocus: ({ center }) => seen.push(["focus", center[0]]),
  });
  const document = (up: Vec3, x = 0): void =>
    store.setState({ document: { up, focus: focusAt(x) } as unknown as DocumentInfo });
  const last = () => seen.splice(0);

  it("begins with the scene, and stays where nothing of it has turned or moved", () => {
    document([0, 1, 0]); // of a scene that is not open yet
    expect(last()).toEqual([]);
    store.setState({ scene });
    document([0, -1, 0]);
    expect(last().at(-1)).toEqual(["show", 0, [0, -1, 0]]);
    document([0, -1, 0]);
    expect(last()).toEqual([]);
  });

  it("turns with the document's up, there and back", () => {
    document([0, 1, 0]);
    document([0, -1, 0]);
    expect(last()).toEqual([
      ["show", 0, [0, 1, 0]],
      ["show", 0, [0, -1, 0]],
    ]);
  });

  it("turns as the user says what is up, and not again when the document comes to the same", () => {
    store.setState(({ form }) => ({ form: { ...form, up: [0, 0, 1] } }));
    expect(last()).toEqual([["show", 0, [0, 0, 1]]]);
    document([0, 0, 1]);
    store.setState(({ form }) => ({ form: { ...form, up: "auto" } }));
    expect(last()).toEqual([]);
  });

  it("keeps the camera where only the focus moves", () => {
    document([0, 0, 1], 5);
    expect(last()).toEqual([["focus", 5]]);
  });
});
