import { describe, expect, it } from "vitest";
import { UserError } from "../../core/errors.ts";
import type { AnyFields } from "../../core/params.ts";
import { testCamera } from "../../raster/testing/scenes.ts";
import { cameraCenter } from "../../camera/pose.ts";
import { cross, dot } from "../../camera/vec3.ts";
import type { Point } from "../../scene/bounds.ts";
import { colorsFrom, type Color } from "../../scene/colors.ts";
import { pointScene } from "../../scene/testing/point-scene.ts";
import { addLayer, documentOf, STATE, type Doc } from "../document.ts";
import { exportedScene } from "../export.ts";
import { histogramOf } from "../histogram.ts";
import { rowsWhere, isSelected } from "../states.ts";
import { proposeFloaters } from "../floaters.ts";
import { cloud, sceneOf } from "../testing/layered.ts";
import { commands } from "./index.ts";

const frame = { up: [0, -1, 0], focus: { center: [0, 0, 0], radius: 1 } } as const;
const camera = testCamera(64, 48);
/** Runs commands one after the other. */
async function run(doc: Doc, ...steps: readonly (readonly [id: string, values?: AnyFields])[]): Promise<Doc> {
  let current = doc;
  for (const [id, values = {}] of steps) current = await commands.get(id).apply(current, values, { camera });
  return current;
}
const selected = (doc: Doc, layer = 0): number[] => [...rowsWhere(doc.layers[layer]!.state, isSelected)];
/** Splats 0 … 9 at x = 0 … 9, the first five red, the others blue. */
function row(): Doc {
  const splats = pointScene(Array.from({ length: 10 }, (_, x) => [x, 0, 0] as const));
  for (let i = 0; i < 10; i++) splats.sh.set(i < 5 ? [1.7, -1.7, -1.7] : [-1.7, -1.7, 1.7], 3 * i);
  return documentOf(sceneOf("row.ply", splats), frame);
}

describe("selecting", () => {
  it("combines with what was selected", async () => {
    const left = ["select.sphere", { center: [1, 0, 0], radius: 1 }] as const;
    const both = { center: [2, 0, 0], radius: 1 };
    const mode = async (name: string) =>
      selected(await run(row(), left, ["select.sphere", { ...both, mode: name }]));
    expect(await mode("set")).toEqual([1, 2, 3]);
    expect(await mode("add")).toEqual([0, 1, 2, 3]);
    expect(await mode("remove")).toEqual([0]);
    expect(await mode("intersect")).toEqual([1, 2]);
  });

  it("in a box goes by the box's own axes", async () => {
    const size = [9, 0.2, 0.2];
    expect(selected(await run(row(), ["select.box", { center: [4, 0, 0], size }]))).toHaveLength(9);
    const quarter = [Math.SQRT1_2, 0, 0, Math.SQRT1_2]; // about z: the long side lies along y
    expect(
      selected(await run(row(), ["select.box", { center: [4, 0, 0], size, rotation: quarter }])),
    ).toEqual([4]);
  });

  it("by value takes the ends of the range in, and inverts", async () => {
    const doc = await run(row(), ["select.range", { attribute: "x", min: 2, max: 4 }]);
    expect(selected(doc)).toEqual([2, 3, 4]);
    expect(selected(await run(doc, ["select.invert"]))).toEqual([0, 1, 5, 6, 7, 8, 9]);
  });

  it("by color sees what the camera sees", async () => {
    const doc = documentOf(sceneOf("cloud.ply", cloud("seen", 80, 3)), frame);
    const color: Color = [0, 0, 0];
    colorsFrom(doc.layers[0]!.scene.splats, cameraCenter(camera.worldToCamera))(17, color);
    const wanted = color.map((value) => Math.min(1, value));
    const seen = await run(doc, ["select.color", { color: wanted, threshold: 0.001 }]);
    expect(selected(seen)).toEqual([17]);
    const base = await run(doc, ["select.color", { color: wanted, threshold: 0.001, seenFromHere: false }]);
    expect(selected(base)).not.toContain(17);
  });

  it("floods over near neighbours of the same color", async () => {
    const point = [1.1, 0, 0];
    expect(selected(await run(row(), ["select.flood", { point, reach: 1.01 }]))).toEqual([0, 1, 2, 3, 4]);
    expect(selected(await run(row(), ["select.flood", { point, reach: 1.01, threshold: 1 }]))).toHaveLength(
      10,
    );
    const gap = await run(row(), ["select.sphere", { center: [3, 0, 0], radius: 0.1 }], ["delete.selected"]);
    expect(selected(await run(gap, ["select.flood", { point, reach: 1.01 }]))).toEqual([0, 1, 2]);
  });

  it("grows and shrinks by a reach", async () => {
    const doc = await run(row(), ["select.range", { attribute: "x", min: 4, max: 6 }]);
    expect(selected(await run(doc, ["select.grow", { reach: 1 }]))).toEqual([3, 4, 5, 6, 7]);
    expect(selected(await run(doc, ["select.shrink", { reach: 1 }]))).toEqual([5]);
    expect(selected(await run(doc, ["select.grow"]))).toHaveLength(9); // three typical spacings
  });

  it("shrinks by the spacing of what is selected, however far the rest lies apart", async () => {
    const xs = [...Array.from({ length: 10 }, (_, x) => x), 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];
    const doc = documentOf(sceneOf("sparse.ply", pointScene(xs.map((x) => [x, 0, 0] as const))), frame);
    const dense = await run(doc, ["select.range", { attribute: "x", max: 9 }]);
    expect(selected(await run(dense, ["select.shrink"]))).toHaveLength(10); // nothing is within three
    const part = await run(doc, ["select.range", { attribute: "x", max: 8 }]);
    expect(selected(await run(part, ["select.shrink"]))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("grows from a single splat", async () => {
    const one = await run(row(), ["select.range", { attribute: "x", max: 0 }]);
    expect(selected(await run(one, ["select.grow"]))).toEqual([0, 1, 2, 3]);
  });

  it("goes by any attribute of the file", async () => {
    const doc = row();
    const { splats } = doc.layers[0]!.scene;
    splats.logScales[3 * 2 + 1] = Math.log(7);
    splats.quaternions.set([0, 0, 2, 0], 4 * 3);
    const by = async (attribute: string, min: number) =>
      selected(await run(doc, ["select.range", { attribute, min }]));
    expect(await by("scaleY", 6.9)).toEqual([2]);
    expect(await by("rotationY", 0.99)).toEqual([3]);
    expect(await by("gloss", 0.1)).toEqual([]);
    const seen = documentOf(sceneOf("cloud.ply", cloud("gloss", 5, 1)), frame);
    const { sh } = seen.layers[0]!.scene.splats;
    sh.fill(0);
    sh.set([3, 4], 12 * 1 + 5);
    expect(selected(await run(seen, ["select.range", { attribute: "gloss", min: 5, max: 5 }]))).toEqual([1]);
  });

  it("spares what is hidden, locked or deleted, and layers that are", async () => {
    const first = ["select.range", { attribute: "x", max: 1 }] as const;
    for (const away of ["hide.selected", "lock.selected", "delete.selected"]) {
      const doc = await run(row(), first, [away], ["select.all"]);
      expect(selected(doc)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    }
    const two = addLayer(row(), row().layers[0]!.scene);
    const hidden = await run(two, ["layer.show", { layer: "layer-2", visible: false }], ["select.all"]);
    expect([selected(hidden), selected(hidden, 1)].map((rows) => rows.length)).toEqual([10, 0]);
  });

  it("isolates, and reveals again", async () => {
    const doc = await run(row(), ["select.range", { attribute: "x", max: 1 }], ["hide.others"]);
    expect(doc.layers[0]!.state.filter((bits) => bits & STATE.hidden)).toHaveLength(8);
    expect((await run(doc, ["hide.reveal"])).layers[0]!.state.some((bits) => bits & STATE.hidden)).toBe(
      false,
    );
  });

  it("can be kept under a name", async () => {
    const doc = await run(
      row(),
      ["select.range", { attribute: "x", max: 1 }],
      ["set.save", { name: "left" }],
      ["select.none"],
    );
    expect(selected(await run(doc, ["set.select", { set: doc.sets[0]!.id }]))).toEqual([0, 1]);
  });
});

describe("layers", () => {
  it("separated and merged again are the same splats", async () => {
    const doc = await run(row(), ["select.range", { attribute: "x", max: 1 }], ["layer.separate"]);
    expect(doc.layers.map(({ scene }) => scene.splats.count)).toEqual([10, 2]);
    const xs = (merged: Doc) => [...exportedScene(merged).splats.means].filter((_, i) => i % 3 === 0);
    expect(xs(doc)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    const merged = await run(doc, ["layer.merge"]);
    expect(merged.layers).toHaveLength(1);
    expect(xs(merged)).toEqual(xs(doc));
  });

  it("keep named sets through a merge, and forget them with the layer", async () => {
    const doc = await run(
      addLayer(row(), row().layers[0]!.scene),
      ["select.range", { attribute: "x", max: 0 }],
      ["set.save", { name: "ends" }],
      ["layer.merge"],
    );
    expect(selected(await run(doc, ["set.select", { set: doc.sets[0]!.id }]))).toEqual([0, 10]);
    const gone = await run(doc, ["layer.remove", { layer: "layer-1" }]);
    expect(gone.sets[0]!.members).toEqual({});
  });

  it.each([
    ["layer.remove", { layer: "layer-9" }],
    ["layer.rename", { layer: "layer-1", name: "  " }],
    ["delete.selected", {}],
    ["layer.merge", {}],
    ["transform.apply", { target: "all", scale: -1 }],
    ["select.sphere", { radius: 0 }],
    ["floaters.accept", {}],
  ])("%s refuses in words what makes no sense", async (id, values) => {
    await expect(run(row(), [id, values])).rejects.toThrow(UserError);
  });
});

it("selects one layer among others, and combines it as any other selection", async () => {
  const doc = addLayer(
    row(),
    sceneOf(
      "second.ply",
      pointScene([
        [0, 1, 0],
        [0, 2, 0],
        [0, 3, 0],
      ]),
    ),
  );
  const [first, second] = doc.layers.map(({ id }) => id);
  const both = await run(
    doc,
    ["select.range", { attribute: "x", max: 1 }],
    ["select.layer", { layer: second }],
  );
  expect([selected(both, 0), selected(both, 1)]).toEqual([[], [0, 1, 2]]);
  const added = await run(both, ["select.layer", { layer: first, mode: "add" }]);
  expect(selected(added, 0)).toHaveLength(10);
  const left = await run(added, ["select.layer", { layer: second, mode: "remove" }]);
  expect([selected(left, 0).length, selected(left, 1)]).toEqual([10, []]);
});

describe("the orientation", () => {
  it("turns up to an axis, about the focus, and the file says so", async () => {
    const doc = await run(row(), ["transform.orient", { up: [1, 0, 0], to: "+y" }]);
    const { splats, metadata } = doc.layers[0]!.scene;
    expect(splats.means[3 * 5]).toBeCloseTo(0, 5);
    expect(splats.means[3 * 5 + 1]).toBeCloseTo(5, 5);
    expect(metadata.up).toEqual([0, 1, 0]);
    expect(doc.frame.up).toEqual([0, 1, 0]);
  });

  it.each<Point>([
    [1, 0, 0],
    [-1, 0, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ])("brings %j up by a turn, which mirrors nothing", async (...up) => {
    const scene = pointScene([up, [1, 2, 3], [-3, 1, 2], [2, -3, 1]]);
    const doc = documentOf(sceneOf("scan", scene), frame);
    const turned = await run(doc, ["transform.orient", { up }]);
    const { means } = turned.layers[0]!.scene.splats;
    const at = (splat: number) => [...means.subarray(3 * splat, 3 * splat + 3)] as unknown as Point;
    at(0).forEach((value, axis) => expect(value).toBeCloseTo([0, 1, 0][axis]!, 6));
    // The volume that three of them span has a sign.
    expect(dot(at(1), cross(at(2), at(3)))).toBeCloseTo(dot([1, 2, 3], cross([-3, 1, 2], [2, -3, 1])), 4);
  });
});

describe("a histogram", () => {
  it("counts what can be selected, and what of it is", async () => {
    const doc = await run(row(), ["select.range", { attribute: "x", max: 3 }]);
    const { counts, selected: marked, min, max, total } = histogramOf(doc, { attribute: "x", bins: 3 });
    expect({ counts, marked, min, max, total }).toEqual({
      ...{ counts: [3, 3, 4], marked: [3, 1, 0], min: 0, max: 9, total: 10 },
    });
    const log = histogramOf(doc, { attribute: "x", bins: 2, log: true });
    expect([log.min, log.max, log.total]).toEqual([1, expect.closeTo(9, 6), 9]);
    expect(histogramOf(doc, { attribute: "x", bins: 2, selectedOnly: true }).total).toBe(4);
  });
});

describe("a proposal of floaters", () => {
  const splats = cloud("floaters", 300, 0);
  splats.opacityLogits.fill(2);
  splats.means.set([30, 0, 0], 0); // alone
  splats.opacityLogits[1] = -9; // faint
  splats.logScales.set([6, 6, 6], 6); // huge
  const doc = documentOf(sceneOf("dusty.ply", splats), frame);

  it("finds the lonely, the faint and the huge, more of them the stronger it is", async () => {
    const gentle = await proposeFloaters(doc, 0);
    expect(gentle.report).toMatchObject({ count: 3, faint: 1, huge: 1, isolated: 1 });
    const strong = await proposeFloaters(doc, 1);
    expect(strong.report.count).toBeGreaterThanOrEqual(3);
    const accepted = await run(gentle.doc, ["floaters.accept"]);
    expect([...rowsWhere(accepted.layers[0]!.state, (bits) => (bits & STATE.deleted) !== 0)]).toEqual([
      0, 1, 2,
    ]);
    expect(accepted.proposal).toBeUndefined();
    const chosen = await run(gentle.doc, ["floaters.accept", { action: "select" }]);
    expect(selected(chosen)).toEqual([0, 1, 2]);
  });

  it("notices what has been deleted since", async () => {
    const { doc: proposed } = await proposeFloaters(doc, 0);
    const again = await proposeFloaters(await run(proposed, ["floaters.accept"]), 0);
    expect(again.report.count).toBe(0);
    expect(again.doc.proposal).toBeUndefined();
  });
});

describe("an export", () => {
  it("is what is not deleted, of the layers that are shown, or of those named", async () => {
    const doc = await run(
      addLayer(row(), row().layers[0]!.scene, "copy"),
      ["layer.show", { layer: "layer-2", visible: false }],
      ["select.range", { attribute: "x", max: 3 }],
    );
    expect(exportedScene(doc).splats.count).toBe(10);
    expect(exportedScene(doc, { selectionOnly: true }).splats.count).toBe(4);
    expect(exportedScene(doc, { layers: ["layer-1", "layer-2"] }).splats.count).toBe(20);
    expect(exportedScene(await run(doc, ["delete.selected"])).splats.count).toBe(6);
    const nothing = await run(doc, ["layer.show", { layer: "layer-1", visible: false }]);
    expect(() => exportedScene(nothing)).toThrow(UserError);
  });

  it("has no more bands than asked for", () => {
    const doc = documentOf(sceneOf("cloud.ply", cloud("bands", 5, 3)), frame);
    const { splats } = exportedScene(doc, { shDegree: 1 });
    expect([splats.shDegree, splats.sh.length]).toEqual([1, 5 * 12]);
    expect(exportedScene(doc, { shDegree: 9 }).splats).toBe(doc.layers[0]!.scene.splats);
  });
});
