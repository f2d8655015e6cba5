import { describe, expect, it } from "vitest";
import { copySplats } from "../scene/splats.ts";
import { displayOf, PROPOSED } from "./display.ts";
import { documentOf, STATE } from "./document.ts";
import { flatten, touchableMask, unflatten } from "./flatten.ts";
import { cloud, layeredDocument, sceneOf } from "./testing/layered.ts";

const { hidden, deleted, locked, selected } = STATE;
const doc = layeredDocument();
const frame = doc.frame;

describe("the scene that an edit works on", () => {
  it("is what is drawn of all layers, padded to the largest degree", () => {
    const flat = flatten(doc);
    const drawn = doc.layers.map(({ state }) => state.filter((bits) => !(bits & (hidden | deleted))).length);
    expect(flat.splats.count).toBe(drawn.reduce((a, b) => a + b));
    expect(flat.splats.shDegree).toBe(3);
    const rows = [...doc.layers[1]!.state.keys()].filter(
      (i) => !(doc.layers[1]!.state[i]! & (hidden | deleted)),
    );
    const [row, at] = [rows[5]!, drawn[0]! + 5];
    expect(flat.splats.means.subarray(3 * at, 3 * at + 3)).toEqual(
      doc.layers[1]!.scene.splats.means.subarray(3 * row, 3 * row + 3),
    );
  });

  it("is the layer's own arrays where there is nothing else", () => {
    const splats = cloud("alone", 9, 1);
    expect(flatten(documentOf(sceneOf("alone", splats), frame)).splats).toBe(splats);
  });

  it("may change where it is not locked, or only where it is selected", () => {
    const flat = flatten(doc);
    const states = flat.parts.flatMap(({ layer, rows }) => [...rows!].map((row) => layer.state[row]!));
    expect([...touchableMask(flat, false)]).toEqual(states.map((bits) => (bits & locked ? 0 : 1)));
    expect([...touchableMask(flat, true)]).toEqual(states.map((bits) => (bits & selected ? 1 : 0)));
  });

  it("comes back into its layers, which keep what has not changed", () => {
    const flat = flatten(doc);
    const result = copySplats(flat.splats);
    for (let i = 0; i < result.count; i++) result.means[3 * i]! += i;
    const next = unflatten(doc, flat, result);
    expect(flatten(next).splats).toEqual(result);
    next.layers.forEach(({ scene, state }, i) => {
      const before = doc.layers[i]!;
      expect([state, scene.splats.quaternions]).toEqual([before.state, before.scene.splats.quaternions]);
      expect(scene.splats.sh).toBe(before.scene.splats.sh);
      const gone = state.findIndex((bits) => (bits & (hidden | deleted)) !== 0);
      const meansOf = (splats: typeof scene.splats) => splats.means.subarray(3 * gone, 3 * gone + 3);
      expect(meansOf(scene.splats)).toEqual(meansOf(before.scene.splats));
    });
    expect(unflatten(doc, flat, copySplats(flat.splats))).toBe(doc);
  });

  it("raises a layer's degree where the edit has used more of it, and only there", () => {
    const flat = flatten(doc);
    const result = copySplats(flat.splats);
    const first = flat.parts[0]!.rows!.length;
    result.sh[48 * first + 47] = 0.5; // the last coefficient of the second layer's first splat
    const degrees = unflatten(doc, flat, result).layers.map(({ scene }) => scene.splats.shDegree);
    expect(degrees).toEqual([3, 3, 0]);
  });
});

describe("what the viewport shows", () => {
  it("is every splat with its state; layers that are hidden are so splat by splat", () => {
    const [first, second, third] = doc.layers;
    const { parts, states } = displayOf({ ...doc, layers: [first!, second!, { ...third!, visible: false }] });
    expect(parts).toEqual(doc.layers.map(({ scene }) => scene.splats));
    expect(states.subarray(0, 60)).toEqual(first!.state);
    expect(states.subarray(120).every((bits) => bits === hidden)).toBe(true);
    const proposed = [...states.subarray(60, 120)].map((bits) => bits & PROPOSED);
    const expected = [...second!.state].map((bits, i) =>
      i % 2 && !(bits & (hidden | deleted | locked)) ? PROPOSED : 0,
    );
    expect(proposed).toEqual(expected);
  });
});
