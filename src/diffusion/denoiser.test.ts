import { describe, expect, test } from "vitest";
import { tensor } from "../core/tensor.ts";
import { describe as describeModel } from "../onnx/model.ts";
import { readModel } from "../onnx/read.ts";
import { createDenoiser } from "./denoiser.ts";
import type { DenoiserOptions } from "./denoiser.ts";
import { findPorts } from "./ports.ts";
import { addNoise, createSchedule } from "./schedule.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { tinyUnet } from "./testing/tiny-diffusion.ts";
import type { TinyUnetOptions } from "./testing/tiny-diffusion.ts";

useNodeRuntime();

const SHAPE = [4, 2, 2];
const latent = (start: number) =>
  tensor(
    Float32Array.from({ length: 16 }, (_, i) => start + i),
    SHAPE,
  );
const prompt = (mean: number) => tensor(new Float32Array(6).fill(mean), [2, 3]);

function denoiser(options: TinyUnetOptions = {}, config = {}, more: DenoiserOptions = {}) {
  const bytes = tinyUnet(options);
  const model = readModel(bytes);
  const ports = findPorts("unet", describeModel(model));
  const size = bytes.byteLength;
  const load = async () => ({ path: "unet/model.onnx", bytes, model, ports, size, externalData: [] });
  return createDenoiser({ ports, load }, createSchedule(config), { provider: "wasm" }, more);
}

const [a, b] = [latent(0), latent(100)];
const [p, q] = [prompt(0.25), prompt(0.5)];
const T = 7;
const expected = (z: typeof a, mean: number) => [...z.data].map((value) => value + T + mean);

describe.each<[string, TinyUnetOptions]>([
  ["one timestep for each row", {}],
  ["a scalar timestep", { timestep: { type: "float32", dims: [] } }],
  ["one timestep for all rows", { timestep: { type: "float32", dims: [1] } }],
  ["an integer timestep", { timestep: { type: "int64", dims: ["batch"] } }],
  ["a fixed batch smaller than asked for", { batch: 2, timestep: { type: "int64", dims: [2] } }],
  ["a fixed batch larger than asked for", { batch: 5 }],
  ["half precision", { type: "float16", timestep: { type: "float16", dims: ["batch"] } }],
])("a UNet with %s", (_, options) => {
  test("answers each slot in its place", async () => {
    const unet = denoiser(options);
    const predictions = await unet.predict(
      [
        { latent: a, prompt: p },
        { latent: a, prompt: q },
        { latent: b, prompt: p },
      ],
      T,
    );
    expect(predictions.map(({ shape }) => shape)).toEqual([SHAPE, SHAPE, SHAPE]);
    expect(predictions.map(({ data }) => [...data])).toEqual([
      expected(a, 0.25),
      expected(a, 0.5),
      expected(b, 0.25),
    ]);
    await unet.dispose();
  });
});

test("slots that are the same are evaluated once", async () => {
  const unet = denoiser({ batch: 2 });
  const [first, other, again] = await unet.predict(
    [
      { latent: a, prompt: p },
      { latent: b, prompt: q },
      { latent: a, prompt: p },
    ],
    T,
  );
  expect(again).toBe(first);
  expect([...other!.data]).toEqual(expected(b, 0.5));
  expect(await unet.predict([], T)).toEqual([]);
  await unet.dispose();
});

test("what memory does not hold in one call is evaluated in several, and others get their turn between", async () => {
  const shapes: string[] = [];
  const limits = (shape: readonly number[]) => {
    shapes.push(shape.join("×"));
    return { batch: 1, together: 0 };
  };
  const unet = denoiser({}, {}, { limits });
  let turns = 0;
  const timer = setInterval(() => turns++);
  const predictions = await unet.predict(
    [
      { latent: a, prompt: p },
      { latent: b, prompt: p },
      { latent: b, prompt: q },
    ],
    T,
  );
  clearInterval(timer);
  expect(predictions.map(({ data }) => [...data])).toEqual([
    expected(a, 0.25),
    expected(b, 0.25),
    expected(b, 0.5),
  ]);
  expect(shapes).toEqual(["4×2×2"]);
  expect(turns).toBeGreaterThan(0);
  await unet.dispose();
});

test("a v-prediction becomes the noise it stands for", async () => {
  const config = { prediction_type: "v_prediction" };
  const schedule = createSchedule(config);
  const t = 400;
  const unet = denoiser({}, config);
  const zt = addNoise(schedule, a, b, t);
  const [epsilon] = await unet.predict([{ latent: zt, prompt: p }], t);
  const [alpha, sigma] = [Math.sqrt(schedule.alphaBars[t]!), Math.sqrt(1 - schedule.alphaBars[t]!)];
  epsilon!.data.forEach((value, i) => {
    const v = zt.data[i]! + t + 0.25;
    expect(value).toBeCloseTo(alpha * v + sigma * zt.data[i]!, 3);
  });
  await unet.dispose();
});
