import { expect } from "vitest";
import type { Gpu } from "../../gpu/device.ts";
import { gpuTest } from "../../gpu/testing.ts";
import { differentiate } from "../differentiate.ts";
import { peakBytes } from "../memory.ts";
import type { Model } from "../model.ts";
import { fixShapes } from "../passes/fix-shapes.ts";
import { buildModel } from "../testing/build.ts";
import type { NodeSpec } from "../testing/build.ts";
import { relativeError } from "../testing/golden.ts";
import { load } from "../testing/run-model.ts";

const [SIZE, BLOCKS, DEPTH] = [4096, 5, 3];
const BYTES = 4 * SIZE;

/** y = x + (SiLU ∘ SiLU ∘ SiLU)(x): elementwise, since a software GPU takes long to compile anything else. */
function block(x: string, y: string): NodeSpec[] {
  const inner = Array.from(
    { length: DEPTH },
    (_, i) => [i === 0 ? x : `${y}_${i - 1}`, `${y}_${i}`] as const,
  );
  return [
    ...inner.flatMap(([from, to]) => [
      { op: "Sigmoid", inputs: [from], outputs: [`${to}_gate`] },
      { op: "Mul", inputs: [from, `${to}_gate`], outputs: [to] },
    ]),
    { op: "Add", inputs: [x, `${y}_${DEPTH - 1}`], outputs: [y] },
  ];
}
const names = ["x", ...Array.from({ length: BLOCKS - 1 }, (_, i) => `h${i + 1}`), "y"];
const model = fixShapes(
  buildModel({
    inputs: { x: [SIZE] },
    nodes: names.slice(1).flatMap((name, i) => block(names[i]!, name)),
    outputs: { y: "float32" },
  }),
);
const values = (seed: number) => ({
  dims: [SIZE],
  data: Float32Array.from({ length: SIZE }, (_, i) => Math.sin(seed + 1.7 * i)),
});
const feeds = { x: values(0), v_y: values(1) };

/** What the gradient is and how many buffers of the size of a value were ever made for it. */
async function measure({ device }: Gpu, gradient: Model) {
  const createBuffer = device.createBuffer.bind(device);
  let buffers = 0;
  device.createBuffer = (descriptor) => {
    if (descriptor.size >= BYTES) buffers++;
    return createBuffer(descriptor);
  };
  const { run, release } = await load(gradient, { device, optimise: true });
  try {
    return { gradient: (await run(feeds))["v_x"]!.data, buffers };
  } finally {
    await release();
    device.createBuffer = createBuffer;
  }
}

gpuTest(
  "what is computed again takes less GPU memory, the optimiser notwithstanding",
  async ({ gpu }) => {
    const whole = differentiate(model, { wrt: "x" });
    const least = differentiate(model, { wrt: "x", memoryBudget: 0 });
    expect(peakBytes(least)).toBeLessThan(peakBytes(whole) / 2);
    const [kept, again] = [await measure(gpu, whole), await measure(gpu, least)];
    expect(relativeError(again.gradient, kept.gradient)).toBeLessThan(1e-6);
    expect(again.buffers).toBeLessThan(kept.buffers / 2);
  },
  300_000,
);
