import { describe, expect, it } from "vitest";
import { gpuTest } from "../gpu/testing.ts";
import { ints, int } from "./attributes.ts";
import { obstacle } from "./kernels.ts";
import type { Provider } from "./kernels.ts";
import { buildModel } from "./testing/build.ts";
import type { NodeSpec } from "./testing/build.ts";
import { load } from "./testing/run-model.ts";

type Spec = Pick<NodeSpec, "op" | "domain" | "attributes"> & {
  readonly shapes: readonly (readonly number[])[];
};

const domain = "com.microsoft";
const groups = { groups: int(1) };

/** Whether they load in a session is compared with what the table says. */
const OPERATORS: readonly Spec[] = [
  {
    op: "GroupNorm",
    domain,
    shapes: [[1, 2, 2, 4], [4], [4]],
    attributes: { ...groups, activation: int(0) },
  },
  { op: "SkipGroupNorm", domain, shapes: [[1, 2, 2, 4], [4], [4], [1, 2, 2, 4]], attributes: groups },
  { op: "BiasAdd", domain, shapes: [[1, 2, 8], [8], [1, 2, 8]] },
  { op: "BiasSplitGelu", domain, shapes: [[1, 2, 8], [8]] },
  {
    op: "NhwcConv",
    domain,
    shapes: [
      [1, 2, 2, 4],
      [4, 1, 1, 4],
    ],
    attributes: { kernel_shape: ints([1, 1]) },
  },
  { op: "SkipLayerNormalization", domain, shapes: [[1, 2, 8], [1, 2, 8], [8]] },
  {
    op: "MultiHeadAttention",
    domain,
    shapes: [
      [1, 2, 8],
      [1, 2, 8],
      [1, 2, 8],
    ],
    attributes: { num_heads: int(2) },
  },
  { op: "QuickGelu", domain, shapes: [[1, 2, 8]] },
  { op: "Sum", shapes: [[2], [2], [2]] },
  { op: "Sign", shapes: [[2]] },
  { op: "Round", shapes: [[2]] },
  { op: "Erf", shapes: [[2]] },
  { op: "InstanceNormalization", shapes: [[1, 2, 4], [2], [2]] },
];

function modelOf({ op, domain: of = "", shapes, attributes }: Spec) {
  const inputs = Object.fromEntries(shapes.map((dims, i) => [`x${i}`, dims]));
  return buildModel({
    inputs,
    nodes: [
      { op, domain: of, inputs: Object.keys(inputs), outputs: ["y"], ...(attributes && { attributes }) },
    ],
    outputs: { y: "float32" },
  });
}

const runs = (spec: Spec, provider: Provider): boolean =>
  obstacle(modelOf(spec).graph.nodes[0]!, provider, () => "float32") === undefined;

async function loads(spec: Spec, device?: GPUDevice): Promise<boolean> {
  try {
    const session = await load(modelOf(spec), device ? { device } : {});
    await session.release();
    return true;
  } catch {
    return false;
  }
}

describe("what onnxruntime-web has kernels for", () => {
  it("wasm: loads what the table says", async () => {
    for (const spec of OPERATORS) expect(await loads(spec), spec.op).toBe(runs(spec, "wasm"));
  });
});

gpuTest("WebGPU: runs on the GPU alone what the table says", async ({ gpu }) => {
  for (const spec of OPERATORS) expect(await loads(spec, gpu.device), spec.op).toBe(runs(spec, "webgpu"));
});
