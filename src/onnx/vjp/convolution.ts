import { getInt, getInts, getText, int, ints } from "../attributes.ts";
import type { Window } from "../infer/window.ts";
import { extent, windowOf } from "../infer/window.ts";
import type { Ops } from "../ops.ts";
import { flippedWeights } from "./flip-weights.ts";
import { unsupported } from "./rule.ts";
import type { VjpRule, VjpTable } from "./rule.ts";

interface Transposed extends Window {
  readonly group: number;
  /** Spatial sizes of the result, i.e. of what the forward convolution took. */
  readonly spatial: readonly number[];
}

/**
 * The adjoint of a convolution, which ONNX has as ConvTranspose with the very same weights (Dumoulin and Visin, "A
 * guide to convolution arithmetic", relationship 13). Rows of the input that no window reached are zeros.
 */
export function transposedConvolution(b: Ops, v: string, weights: string, options: Transposed): string {
  const { kernel, strides, dilations, pads, group, spatial } = options;
  const rank = spatial.length;
  const steps = b.dims(v).slice(2);
  // What is left to cut at the end once the beginning is cut; negative where the last stride left a rest.
  const rest = spatial.map((size, i) => {
    return (steps[i]! - 1) * strides[i]! + extent(kernel[i]!, dilations[i]!) - pads[i]! - size;
  });
  const extra = rest.map((cut) => Math.max(0, -cut));
  return b.emit("ConvTranspose", [v, weights], {
    kernel_shape: ints(kernel),
    strides: ints(strides),
    dilations: ints(dilations),
    group: int(group),
    pads: ints([...pads.slice(0, rank), ...rest.map((cut) => Math.max(0, cut))]),
    ...(extra.some((size) => size > 0) && { output_padding: ints(extra) }),
  });
}

/**
 * The adjoint at stride 1 as an ordinary convolution with reversed kernels. It costs a second copy of the weights and
 * is a third faster than ConvTranspose on the CPU; on the GPU it alone has prepacked weights and tuned kernels.
 */
function reversedConvolution(b: Ops, v: string, weights: string, options: Transposed): string | undefined {
  const { kernel, strides, dilations, pads, group } = options;
  const rank = kernel.length;
  const complement = pads.map((size, i) => (kernel[i % rank]! - 1) * dilations[i % rank]! - size);
  if (strides.some((stride) => stride !== 1) || complement.some((size) => size < 0)) return undefined;
  const reversed = flippedWeights(b, weights, group);
  return (
    reversed &&
    b.emit("Conv", [v, reversed], {
      kernel_shape: ints(kernel),
      dilations: ints(dilations),
      group: int(group),
      pads: ints(complement),
    })
  );
}

/** y = x ∗ W + β */
const conv: VjpRule = ({ b, v, node, inputs }) => {
  const [x, weights] = inputs as [string, string];
  const spatial = b.dims(x).slice(2);
  const options = {
    ...windowOf(node, spatial, b.dims(weights).slice(2)),
    group: getInt(node, "group") ?? 1,
    spatial,
  };
  return [() => reversedConvolution(b, v, weights, options) ?? transposedConvolution(b, v, weights, options)];
};

/** The adjoint of the adjoint: a convolution with the same weights. */
const convTranspose: VjpRule = ({ b, v, node, inputs }) => {
  if (getText(node, "auto_pad")?.startsWith("SAME") || getInts(node, "output_shape")) {
    throw unsupported(node, "no gradient where its padding follows from the size of its output");
  }
  const [x, weights] = inputs as [string, string];
  const kernel = b.dims(weights).slice(2);
  const spatial = b.dims(x).slice(2);
  const { strides, dilations, pads } = windowOf(node, spatial, kernel);
  const begins = pads.slice(0, spatial.length);
  // Ends follow from the sizes, whatever mixture of pads and output_padding made them.
  const ends = spatial.map((size, i) => {
    return (size - 1) * strides[i]! + extent(kernel[i]!, dilations[i]!) - begins[i]! - b.dims(v)[i + 2]!;
  });
  const positive = ends.map((size) => Math.max(0, size));
  return [
    () => {
      const cut = ends.map((size) => Math.min(0, size));
      const trimmed = b.pad(v, [0, 0, ...begins.map(() => 0)], [0, 0, ...cut]);
      return b.emit("Conv", [trimmed, weights], {
        kernel_shape: ints(kernel),
        strides: ints(strides),
        dilations: ints(dilations),
        group: int(getInt(node, "group") ?? 1),
        pads: ints([...begins, ...positive]),
      });
    },
  ];
};

export const convolutions: VjpTable = { Conv: conv, ConvTranspose: convTranspose };
