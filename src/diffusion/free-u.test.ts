import { describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { createRng } from "../core/rng.ts";
import { tensor } from "../core/tensor.ts";
import type { GraphNode, Model } from "../onnx/model.ts";
import { fixShapes } from "../onnx/passes/fix-shapes.ts";
import { applyFreeU } from "../onnx/passes/free-u.ts";
import { sizeOf } from "../onnx/tensor.ts";
import { buildModel } from "../onnx/testing/build.ts";
import { relativeError } from "../onnx/testing/golden.ts";
import type { Result } from "../onnx/testing/run-model.ts";
import { runModel } from "../onnx/testing/run-model.ts";
import { createDenoiser } from "./denoiser.ts";
import { openModelFolder } from "./model-folder.ts";
import { createSchedule } from "./schedule.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { exportReference, exportedFolder } from "./testing/exports.ts";

useNodeRuntime();

const FACTORS = { b1: 1.5, b2: 1.6, s1: 0.9, s2: 0.2 };
const NONE = { b1: 1, b2: 1, s1: 1, s2: 1 };

/** Stable Diffusion's architecture. */
const folder = openModelFolder(exportedFolder("sd15-scalar"));
const LATENT = [1, 4, 32, 24];
const { hidden } = exportReference("sd15-scalar");

async function unet() {
  const { model, ports } = await (await folder).graph("unet");
  const rng = createRng("freeu");
  const draw = (dims: readonly number[]) => ({
    dims,
    data: Float64Array.from({ length: sizeOf(dims) }, () => rng.normal()),
  });
  const feeds = {
    [ports.sample.name]: draw(LATENT),
    [ports.timestep.name]: { dims: ports.timestep.dims.map(() => 1), data: [500] },
    [ports.context.name]: draw(hidden.shape),
  };
  const shapes = Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims]));
  return { fixed: fixShapes(model, shapes), feeds, output: ports.prediction.name };
}

/** Joints of the up-blocks, in their order. */
const jointsOf = ({ graph }: Model): readonly GraphNode[] =>
  graph.nodes.filter(({ op, inputs }) => op === "Concat" && graph.values.get(inputs[0]!)?.dims?.length === 4);

const giving = (model: Model, names: readonly string[]): Model => ({
  ...model,
  graph: {
    ...model.graph,
    outputs: [...new Set(names)].map((name) => ({ name, ...model.graph.values.get(name)! })),
  },
});

/** `fourier_filter(x, threshold=1, scale)` of diffusers for one map, by the definition of the transform, in float64. */
function fourierFilter(map: Float64Array, rows: number, columns: number, scale: number): Float64Array {
  const masked = (size: number, shifted: number): boolean => {
    const middle = Math.floor(size / 2);
    return shifted >= middle - 1 && shifted < middle + 1;
  };
  const filtered = new Float64Array(map.length);
  const wave = (u: number, v: number, pixel: number): number =>
    2 * Math.PI * ((u * Math.floor(pixel / columns)) / rows + (v * (pixel % columns)) / columns);
  for (let u = 0; u < rows; u++)
    for (let v = 0; v < columns; v++) {
      let [re, im] = [0, 0];
      map.forEach((value, pixel) => {
        re += value * Math.cos(wave(u, v, pixel));
        im -= value * Math.sin(wave(u, v, pixel));
      });
      // Where fftshift puts it.
      const [y, x] = [(u + Math.floor(rows / 2)) % rows, (v + Math.floor(columns / 2)) % columns];
      const factor = masked(rows, y) && masked(columns, x) ? scale : 1;
      filtered.forEach((_, pixel) => {
        const phase = wave(u, v, pixel);
        filtered[pixel]! += (factor * (re * Math.cos(phase) - im * Math.sin(phase))) / map.length;
      });
    }
  return filtered;
}

/** One joint, as SSD's code changes it, for a batch of one. */
function reference(backbone: Result, skip: Result, { b, s }: { b: number; s: number }) {
  const [, channels, rows, columns] = backbone.dims as [number, number, number, number];
  const pixels = rows * columns;
  const amplified = backbone.data.map((value, i) =>
    i < Math.floor(channels / 2) * pixels ? b * value : value,
  );
  const filtered = new Float64Array(skip.data.length);
  for (let start = 0; start < filtered.length; start += pixels)
    filtered.set(fourierFilter(skip.data.subarray(start, start + pixels), rows, columns, s), start);
  return { amplified, filtered };
}

describe("FreeU", () => {
  it("changes what joints of the two greatest widths are given as the authors' code does", async () => {
    const { fixed, feeds } = await unet();
    const changed = applyFreeU(fixed, FACTORS);
    const [before, after] = [jointsOf(fixed), jointsOf(changed)];
    expect(before).toHaveLength(8);
    const widths: number[] = [];
    const names = [...before, ...after].flatMap(({ inputs }) => inputs);
    const values = await runModel(giving(changed, names), feeds);
    for (const [i, joint] of before.entries()) {
      const [backbone, skip] = joint.inputs.map((name) => values[name]!) as [Result, Result];
      const [amplified, filtered] = after[i]!.inputs.map((name) => values[name]!) as [Result, Result];
      const { b1, b2, s1, s2 } = FACTORS;
      const factors = new Map([
        [8, { b: b1, s: s1 }],
        [4, { b: b2, s: s2 }],
      ]).get(backbone.dims[1]!)!;
      widths.push(backbone.dims[1]!);
      const want = reference(backbone, skip, factors);
      expect(relativeError(amplified.data, want.amplified)).toBeLessThan(1e-6);
      expect(relativeError(filtered.data, want.filtered)).toBeLessThan(1e-6);
      expect(relativeError(filtered.data, skip.data)).toBeGreaterThan(1e-2);
    }
    expect(widths).toEqual([8, 8, 8, 8, 8, 4, 4, 4]);
  });

  it("leaves joints of further widths alone", () => {
    const widths = [8, 4, 2];
    const attributes = { axis: { kind: "int", value: 1 } } as const;
    const model = buildModel({
      inputs: Object.fromEntries(widths.map((width) => [`x${width}`, [1, width, 4, 4]])),
      nodes: widths.flatMap((width) => [
        { op: "Relu", inputs: [`x${width}`], outputs: [`skip${width}`] },
        { op: "Relu", inputs: [`skip${width}`], outputs: [`backbone${width}`] },
        { op: "Concat", inputs: [`backbone${width}`, `skip${width}`], outputs: [`y${width}`], attributes },
      ]),
      outputs: Object.fromEntries(widths.map((width) => [`y${width}`, "float32"])),
    });
    const joints = applyFreeU(fixShapes(model), FACTORS).graph.nodes.filter(({ op }) => op === "Concat");
    const isChanged = joints.map(({ inputs }, i) => inputs[0] !== `backbone${widths[i]}`);
    expect(isChanged).toEqual([true, true, false]);
  });

  it("changes nothing with factors of one", async () => {
    const { fixed, feeds, output } = await unet();
    const same = applyFreeU(fixed, NONE);
    expect(same.graph.nodes).toEqual(fixed.graph.nodes);
    const [want, got] = [await runModel(fixed, feeds), await runModel(same, feeds)];
    expect(relativeError(got[output]!.data, want[output]!.data)).toBeLessThan(1e-6);
  });

  it("is part of a denoiser that is asked for it", async () => {
    const file = await (await folder).graph("unet");
    const schedule = createSchedule((await folder).scheduler);
    const { fixed, feeds, output } = await unet();
    const { [output]: want } = await runModel(applyFreeU(fixed, FACTORS), feeds);
    const load = async () => file;
    const denoiser = createDenoiser(
      { ports: file.ports, load },
      schedule,
      { provider: "wasm" },
      { freeU: FACTORS },
    );
    const data = feeds[file.ports.sample.name]!.data;
    const latent = tensor(Float32Array.from(data), LATENT.slice(1));
    const prompt = tensor(Float32Array.from(feeds[file.ports.context.name]!.data), hidden.shape.slice(1));
    const [epsilon] = await denoiser.predict([{ latent, prompt }], 500);
    await denoiser.dispose();
    expect(relativeError(epsilon!.data, want!.data)).toBeLessThan(1e-5);
  });

  it("says that a network without joints has no use for it", () => {
    const flat = buildModel({
      inputs: { x: [1, 2, 4, 4] },
      nodes: [{ op: "Relu", inputs: ["x"], outputs: ["y"] }],
      outputs: { y: "float32" },
    });
    expect(() => applyFreeU(fixShapes(flat), FACTORS)).toThrow(UserError);
  });
});
