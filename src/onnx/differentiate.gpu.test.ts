import { describe, expect } from "vitest";
import { createRng } from "../core/rng.ts";
import { gpuTest } from "../gpu/testing.ts";
import { differentiate } from "./differentiate.ts";
import type { Model } from "./model.ts";
import { fixShapes } from "./passes/fix-shapes.ts";
import { caseFeeds, caseModel } from "./testing/case-model.ts";
import { readGolden, relativeError } from "./testing/golden.ts";
import type { Feed } from "./testing/run-model.ts";
import { sizeOf } from "./tensor.ts";
import { load, runModel } from "./testing/run-model.ts";
import { VJP_CASES } from "./testing/vjp-cases/index.ts";

/** Compiling shaders takes a software GPU long, so of the small graphs only those with unusual shapes run. */
const RUN = [
  "Slice, backwards with steps",
  "DepthToSpace, CRD",
  "Tile",
  "Gather with repeats along the first axis",
  "Conv, stride 2 that leaves a rest",
  "Conv, int8 weights, stride 2",
  "Conv, one axis",
  "MatMul, batches broadcast",
  "Resize nearest ×3 by 2, half pixels",
  "AveragePool, padding not counted",
  "MaxPool, tiles",
];

/** Runs on the given device alone: a node that would fall back to the CPU makes loading fail. */
async function runOnGpu(model: Model, feeds: Readonly<Record<string, Feed>>, device: GPUDevice) {
  const { run, release } = await load(model, { device });
  try {
    return await run(feeds);
  } finally {
    await release();
  }
}

gpuTest(
  "the gradient of Stable Diffusion's encoder runs on WebGPU wholly and agrees",
  async ({ gpu }) => {
    const golden = readGolden("vae_encoder");
    const gradient = differentiate(fixShapes(golden.model, golden.shapes), {
      wrt: golden.wrt,
      includeForward: true,
    });
    const feeds = { ...golden.inputs, [`v_${golden.output}`]: golden.cotangent };
    const onGpu = await runOnGpu(gradient, feeds, gpu.device);
    const onCpu = await runModel(gradient, feeds);
    for (const name of [golden.output, `v_${golden.wrt}`]) {
      expect(relativeError(onGpu[name]!.data, onCpu[name]!.data), name).toBeLessThan(1e-5);
    }
    expect(relativeError(onGpu[`v_${golden.wrt}`]!.data, golden.gradient.data)).toBeLessThan(1e-4);
  },
  600_000,
);

describe("what the rules write", () => {
  const cases = Object.entries(VJP_CASES).filter(([, example]) => !example.cpuOnly);

  gpuTest("has a WebGPU kernel for every node", async ({ gpu }) => {
    const fallsBack: string[] = [];
    for (const [name, example] of cases) {
      for (const wrt of Object.keys(example.inputs)) {
        const loading = load(differentiate(caseModel(example), { wrt }), { device: gpu.device });
        await loading.then(
          ({ release }) => release(),
          (error: Error) => fallsBack.push(`${name}: ${error.message.slice(0, 200)}`),
        );
      }
    }
    expect(cases.length).toBeGreaterThan(100);
    expect(fallsBack).toEqual([]);
  });

  for (const name of RUN) {
    gpuTest(`computes on WebGPU what it computes on the CPU: ${name}`, async ({ gpu }) => {
      const example = VJP_CASES[name]!;
      const rng = createRng(name);
      const model = caseModel(example);
      const dims = model.graph.outputs[0]!.dims as number[];
      const v = { dims, data: Float64Array.from({ length: sizeOf(dims) }, () => rng.normal()) };
      const feeds: Record<string, Feed> = { ...caseFeeds(example, rng), v_y: v };
      const gradient = differentiate(model, { wrt: "x" });
      const needed = Object.fromEntries(
        gradient.graph.inputs.map((input) => [input.name, feeds[input.name]!]),
      );
      const onGpu = await runOnGpu(gradient, needed, gpu.device);
      const onCpu = await runModel(gradient, needed);
      expect(relativeError(onGpu["v_x"]!.data, onCpu["v_x"]!.data)).toBeLessThan(1e-4);
    });
  }
});
