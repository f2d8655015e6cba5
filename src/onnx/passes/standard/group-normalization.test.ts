import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/rng.ts";
import { float, int } from "../../attributes.ts";
import type { Model } from "../../model.ts";
import { tensorOf } from "../../tensor.ts";
import { buildModel, countOps } from "../../testing/build.ts";
import { relativeError } from "../../testing/golden.ts";
import { runModel } from "../../testing/run-model.ts";
import { weights } from "../../testing/vjp-cases/case.ts";
import { fixShapes } from "../fix-shapes.ts";
import { standardOperators } from "../standard-operators.ts";

const [N, C, H, W, GROUPS, EPSILON] = [2, 6, 3, 4, 3, 1e-3];
const rng = createRng("group normalization");
const nchw = Float64Array.from({ length: N * C * H * W }, () => 2 + rng.normal());
const at = (n: number, c: number, h: number, w: number): number => ((n * C + c) * H + h) * W + w;

/** The definition, Wu and He, "Group Normalization", eq. 1–3, in float64. */
function reference(scale: (c: number) => number, bias: (c: number) => number): Float64Array {
  const y = new Float64Array(nchw.length);
  const perGroup = (C / GROUPS) * H * W;
  for (let start = 0; start < nchw.length; start += perGroup) {
    const values = nchw.subarray(start, start + perGroup);
    const mean = values.reduce((sum, x) => sum + x, 0) / perGroup;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / perGroup;
    for (let i = start; i < start + perGroup; i++) {
      const c = Math.floor(i / (H * W)) % C;
      y[i] = ((nchw[i]! - mean) / Math.sqrt(variance + EPSILON)) * scale(c) + bias(c);
    }
  }
  return y;
}

const values = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.sin(12.9898 * (i + 1)));

function standard(opset: number, size: number): Model {
  return buildModel({
    opset,
    inputs: { x: [N, C, H, W] },
    constants: { scale: weights([size]), bias: tensorOf("float32", [size], values(size).toReversed()) },
    nodes: [
      {
        op: "GroupNormalization",
        inputs: ["x", "scale", "bias"],
        outputs: ["y"],
        attributes: { num_groups: int(GROUPS), epsilon: float(EPSILON) },
      },
    ],
    outputs: { y: "float32" },
  });
}

describe("group normalization in plain operators", () => {
  for (const [opset, size] of [
    [18, GROUPS],
    [21, C],
  ] as const) {
    it(`ai.onnx ${opset}`, async () => {
      const expanded = standardOperators(fixShapes(standard(opset, size)));
      expect(countOps(expanded)["GroupNormalization"]).toBeUndefined();
      expect(countOps(expanded)["InstanceNormalization"]).toBe(1);
      const { y } = await runModel(expanded, { x: { dims: [N, C, H, W], data: nchw } });
      const of = (list: number[]) => (c: number) => list[size === C ? c : Math.floor(c / (C / GROUPS))]!;
      const exact = reference(of(values(size)), of(values(size).toReversed()));
      expect(relativeError(y!.data, exact)).toBeLessThan(1e-5);
    });
  }

  for (const channelsLast of [true, false]) {
    it(`com.microsoft, ${channelsLast ? "NHWC" : "NCHW"}, with SiLU`, async () => {
      const dims = channelsLast ? [N, H, W, C] : [N, C, H, W];
      const model = buildModel({
        inputs: { x: dims },
        constants: { scale: weights([C]), bias: tensorOf("float32", [C], values(C).toReversed()) },
        nodes: [
          {
            op: "GroupNorm",
            domain: "com.microsoft",
            inputs: ["x", "scale", "bias"],
            outputs: ["y"],
            attributes: {
              groups: int(GROUPS),
              epsilon: float(EPSILON),
              activation: int(1),
              channels_last: int(channelsLast ? 1 : 0),
            },
          },
        ],
        outputs: { y: "float32" },
      });
      const linear = reference(
        (c) => values(C)[c]!,
        (c) => values(C).toReversed()[c]!,
      );
      const exact = linear.map((x) => x / (1 + Math.exp(-x)));
      const arranged = (from: Float64Array): Float64Array => {
        if (!channelsLast) return from;
        const to = new Float64Array(from.length);
        let i = 0;
        for (let n = 0; n < N; n++)
          for (let h = 0; h < H; h++)
            for (let w = 0; w < W; w++) for (let c = 0; c < C; c++) to[i++] = from[at(n, c, h, w)]!;
        return to;
      };
      const expanded = standardOperators(fixShapes(model));
      const { y } = await runModel(expanded, { x: { dims, data: arranged(nchw) } });
      expect(relativeError(y!.data, arranged(exact))).toBeLessThan(1e-5);
    });
  }

  it("leaves other models alone", () => {
    const model = buildModel({
      inputs: { x: [1] },
      nodes: [{ op: "Relu", inputs: ["x"], outputs: ["y"] }],
      outputs: { y: "float32" },
    });
    expect(standardOperators(model)).toBe(model);
  });
});
