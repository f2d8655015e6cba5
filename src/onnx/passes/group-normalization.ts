import { getFloat, getInt } from "../attributes.ts";
import { ruleName } from "../infer/index.ts";
import type { GraphNode, Model } from "../model.ts";
import type { Ops } from "../ops.ts";
import { createOps } from "../ops.ts";
import { sizeOf, tensorOf } from "../tensor.ts";

const EXPANSIONS: Readonly<Record<string, (b: Ops, node: GraphNode) => void>> = {
  GroupNormalization: expandStandard,
  "com.microsoft.GroupNorm": expandMicrosoft,
};

/**
 * Writes group normalisation as InstanceNormalization over [N, groups, rest] with an affine map behind it, as older
 * exporters do: ONNX Runtime's WebGPU provider has kernels for that, and one gradient rule then serves both.
 * Takes a model with fixed sizes.
 */
export function expandGroupNormalization(model: Model): Model {
  const matches = model.graph.nodes.some((node) => ruleName(node) in EXPANSIONS);
  if (!matches) return model;
  const b = createOps(model);
  for (const node of model.graph.nodes) {
    const expand = EXPANSIONS[ruleName(node)];
    if (expand) expand(b, node);
    else b.keep(node);
  }
  return b.finish(model.graph.outputs.map(({ name }) => name));
}

/** ai.onnx 18 scales groups, 21 scales channels; which it is shows in the size. */
function expandStandard(b: Ops, node: GraphNode): void {
  const [x, scale, bias] = node.inputs as [string, string, string];
  const dims = b.dims(x);
  const groups = getInt(node, "num_groups")!;
  const perChannel = (affine: string): string => {
    const repeated = b.dims(affine)[0] === dims[1] ? affine : repeatForChannels(b, affine, groups, dims[1]!);
    return b.reshape(repeated, [1, dims[1]!, ...dims.slice(2).map(() => 1)]);
  };
  b.scope = node.name;
  const normalized = normalize(b, x, groups, getFloat(node, "epsilon") ?? 1e-5);
  finish(b, node, "Add", [b.mul(normalized, perChannel(scale)), perChannel(bias)]);
}

/** NHWC unless told otherwise, optionally with SiLU behind it. The affine parameters are float32 always. */
function expandMicrosoft(b: Ops, node: GraphNode): void {
  const [x, gamma, beta] = node.inputs as [string, string, string];
  const channelsLast = (getInt(node, "channels_last") ?? 1) === 1;
  const silu = getInt(node, "activation") === 1;
  b.scope = node.name;
  const planar = channelsLast ? b.transpose(x, [0, 3, 1, 2]) : x;
  const { dtype, dims } = b.type(planar);
  const perChannel = (affine: string): string => b.reshape(b.cast(affine, dtype), [1, dims[1]!, 1, 1]);
  const normalized = normalize(b, planar, getInt(node, "groups")!, getFloat(node, "epsilon") ?? 1e-5);
  const affine = b.add(b.mul(normalized, perChannel(gamma)), perChannel(beta));
  const active = silu ? b.mul(affine, b.emit("Sigmoid", [affine])) : affine;
  finish(b, node, "Identity", [channelsLast ? b.transpose(active, [0, 2, 3, 1]) : active]);
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

function finish(b: Ops, node: GraphNode, op: string, inputs: readonly string[]): void {
  b.emit(op, inputs, {}, { outputs: [node.outputs[0]!] });
  b.scope = "";
}
