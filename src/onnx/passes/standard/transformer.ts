import { float, getFloat, int } from "../../attributes.ts";
import type { ExpansionTable } from "./expansion.ts";
import { inputsOf } from "./expansion.ts";

/** Parts of transformer blocks around attention. */
export const transformer: ExpansionTable = {
  /** Normalises x + skip + bias over the last axis; output 3 is that sum. */
  "com.microsoft.SkipLayerNormalization": (b, node) => {
    const [x, skip, gamma, beta, bias] = inputsOf(node, 5);
    const skipped = b.add(x!, skip!);
    const sum = bias ? b.add(skipped, bias) : skipped;
    const affine = beta ? [sum, gamma!, beta] : [sum, gamma!];
    const epsilon = float(getFloat(node, "epsilon") ?? 1e-12);
    return [b.emit("LayerNormalization", affine, { axis: int(-1), epsilon }), undefined, undefined, sum];
  },

  "com.microsoft.BiasAdd": (b, node) => {
    const [x, bias, skip] = node.inputs as [string, string, string];
    return [b.add(b.add(x, bias), skip)];
  },

  /** GEGLU: the first half of x + bias, times the exact GELU of the second. Shazeer, "GLU Variants", eq. 6. */
  "com.microsoft.BiasSplitGelu": (b, node) => {
    const [x, bias] = node.inputs as [string, string];
    const biased = b.add(x, bias);
    const dims = b.dims(biased);
    const half = dims.at(-1)! / 2;
    const value = b.slice(biased, dims.length - 1, 0, half);
    const gate = b.slice(biased, dims.length - 1, half, half);
    const cdf = b.scale(b.shift(b.emit("Erf", [b.scale(gate, Math.SQRT1_2)]), 1), 0.5);
    return [b.mul(value, b.mul(gate, cdf))];
  },
};
