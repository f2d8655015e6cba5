import { getFloat, getInt } from "../../attributes.ts";
import type { GraphNode } from "../../model.ts";
import type { Ops } from "../../ops.ts";
import { sizeOf, tensorOf } from "../../tensor.ts";
import type { ExpansionTable } from "./expansion.ts";
import { inputsOf } from "./expansion.ts";

/**
 * Group normalisation as InstanceNormalization over [N, groups, rest] with an affine map behind it, as older exporters
 * write it: ONNX Runtime's WebGPU provider has kernels for that, and one gradient rule then serves all.
 */
export const groupNormalizations: ExpansionTable = {
  /** ai.onnx 18 scales groups, 21 scales channels; which it is shows in the size. */
  GroupNormalization: (b, node) => {
    const [x, scale, bias] = node.inputs as [string, string, string];
    const dims = b.dims(x);
    const groups = getInt(node, "num_groups")!;
    const perChannel = (affine: string): string => {
      const repeated =
        b.dims(affine)[0] === dims[1] ? affine : repeatForChannels(b, affine, groups, dims[1]!);
      return b.reshape(repeated, [1, dims[1]!, ...dims.slice(2).map(() => 1)]);
    };
    const normalized = normalize(b, x, groups, getFloat(node, "epsilon") ?? 1e-5);
    return [b.add(b.mul(normalized, perChannel(scale)), perChannel(bias))];
  },

  "com.microsoft.GroupNorm": (b, node) => [microsoft(b, node, node.inputs[0]!)],

  /** Sums x, skip and bias first and gives the sum too. A skip may be one value a channel: [N, 1, 1, C] or [N, C]. */
  "com.microsoft.SkipGroupNorm": (b, node) => {
    const [x, , , skip, bias] = inputsOf(node, 5);
    const dims = b.dims(x!);
    const spread = (summand: string): string => {
      const { length } = b.dims(summand);
      return length === 2 ? b.reshape(summand, [dims[0]!, 1, 1, dims[3]!]) : summand;
    };
    const skipped = b.add(x!, spread(skip!));
    const sum = bias ? b.add(skipped, bias) : skipped;
    return [microsoft(b, node, sum), sum];
  },
};

/** NHWC unless told otherwise, optionally with SiLU behind it. The affine parameters are float32 always. */
function microsoft(b: Ops, node: GraphNode, x: string): string {
  const [, gamma, beta] = node.inputs as [string, string, string];
  const channelsLast = (getInt(node, "channels_last") ?? 1) === 1;
  const silu = getInt(node, "activation") === 1;
  const planar = channelsLast ? b.transpose(x, [0, 3, 1, 2]) : x;
  const { dtype, dims } = b.type(planar);
  const perChannel = (affine: string): string => b.reshape(b.cast(affine, dtype), [1, dims[1]!, 1, 1]);
  const normalized = normalize(b, planar, getInt(node, "groups")!, getFloat(node, "epsilon") ?? 1e-5);
  const affine = b.add(b.mul(normalized, perChannel(gamma)), perChannel(beta));
  const active = silu ? b.mul(affine, b.emit("Sigmoid", [affine])) : affine;
  return channelsLast ? b.transpose(active, [0, 2, 3, 1]) : active;
}

function normalize(b: Ops, x: string, groups: number, epsilon: number): string {
  const { dtype, dims } = b.type(x);
  const grouped = b.reshape(x, [dims[0]!, groups, sizeOf(dims.slice(1)) / groups]);
  const fill = (value: number): string =>
    b.constant(
      tensorOf(
        dtype,
        [groups],
        Array.from({ length: groups }, () => value),
      ),
      "affine",
    );
  const normalized = b.emit("InstanceNormalization", [grouped, fill(1), fill(0)], {
    epsilon: { kind: "float", value: epsilon },
  });
  return b.reshape(normalized, dims);
}

function repeatForChannels(b: Ops, affine: string, groups: number, channels: number): string {
  const column = b.reshape(affine, [groups, 1]);
  return b.reshape(b.expand(column, [groups, channels / groups]), [channels]);
}
