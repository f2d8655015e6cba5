import { castNode } from "../cast.ts";
import { floatTensor, floatsOf } from "../floats.ts";
import { prune, readsOf } from "../graph.ts";
import { ruleName } from "../infer/index.ts";
import type { GraphNode, Model } from "../model.ts";
import type { Ops } from "../ops.ts";
import { createOps } from "../ops.ts";
import type { OnnxTensor } from "../tensor.ts";

/** Operators with weights, and where they take them: nearly all of a network's work and memory. */
const WEIGHTS_AT: Readonly<Record<string, number>> = {
  Conv: 1,
  ConvTranspose: 1,
  MatMul: 1,
  Gemm: 1,
  "com.microsoft.MatMulNBits": 1,
};

/** Operators that add no rounding to speak of: in half precision where all they take is. */
// prettier-ignore
const EITHER = new Set([
  "Add", "Clip", "Concat", "Div", "Erf", "Expand", "Flatten", "Gelu", "Identity", "Mul", "Neg", "Pad", "Relu", "Reshape",
  "Resize", "Sigmoid", "Slice", "Split", "Squeeze", "Sub", "Tanh", "Transpose", "Unsqueeze", "com.microsoft.Gelu",
  "com.microsoft.QuickGelu",
]);

/** Inputs that are float32 whatever the others: Resize's region and scales. */
const ALWAYS_SINGLE: Readonly<Record<string, readonly number[]>> = { Resize: [1, 2] };

/** Operators that only arrange constants anew, so that halves go through them. */
const ARRANGING = new Set(["Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze"]);

/** Since then a DequantizeLinear gives halves where its scale is one. */
const HALF_SCALES = 19;

/** The largest number of half precision. Masks of attention and the like are as good with it. */
const LARGEST = 65504;

/**
 * Computes in float16 what multiplies weights, and what stands between such products; in float32 all else: what sums over
 * pixels, channels or tokens (norms, softmax, attention), what leaves the range of halves, and what works on timesteps,
 * of which 981 and 981.4 are the same half. Micikevicius et al., "Mixed Precision Training", 2018, section 3; the rules
 * are those of PyTorch's autocast, where operators of neither kind take the widest type they are given. Inputs and
 * outputs stay float32. Takes a model with fixed sizes that computes in float32.
 * @param isWeight which initializers are weights; constants that a pass added are none
 */
export function mixedPrecision(model: Model, isWeight: (initializer: string) => boolean): Model {
  const { graph } = model;
  const b = createOps(model);
  const constants = new Set(graph.initializers.keys());
  const weights = new Set([...graph.initializers.keys()].filter(isWeight));
  /** By value, what it is in half precision. */
  const halves = new Map<string, string>();
  /** Values that are made in half precision, and those of them that are there in single precision too. */
  const [narrow, widened] = [new Set<string>(), new Set<string>()];

  const single = (name: string): void => {
    if (!narrow.has(name) || widened.has(name)) return;
    widened.add(name);
    b.keep(castNode(b.fresh(`${name}/Cast`), halves.get(name)!, name, "float32"));
  };
  const half = (name: string): string => {
    let found = halves.get(name);
    if (!found) {
      found = (constants.has(name) ? halfConstant(b, name, half) : undefined) ?? b.cast(name, "float16");
      halves.set(name, found);
    }
    return found;
  };
  const made = (name: string, inHalf: string): void => {
    halves.set(name, inHalf);
    narrow.add(name);
  };

  const isSingle = (name: string): boolean =>
    name !== "" && b.knows(name) && b.type(name).dtype === "float32";
  const computesInHalf = (node: GraphNode): boolean => {
    const rule = ruleName(node);
    const at = WEIGHTS_AT[rule];
    if (at !== undefined) return weights.has(node.inputs[at]!);
    const varying = node.inputs.filter((name) => isSingle(name) && !constants.has(name));
    return EITHER.has(rule) && varying.length > 0 && varying.every((name) => narrow.has(name));
  };

  for (const node of graph.nodes) {
    const reads = readsOf(node);
    const [input, output] = [node.inputs[0]!, node.outputs[0]!];
    if (reads.length > 0 && reads.every((name) => constants.has(name))) {
      b.keep(node);
      for (const value of node.outputs) {
        constants.add(value);
        if (reads.some((name) => weights.has(name))) weights.add(value);
      }
    } else if (node.op === "Cast" && narrow.has(input) && isSingle(output)) {
      made(output, halves.get(input)!);
    } else if (computesInHalf(node)) {
      const stays = ALWAYS_SINGLE[ruleName(node)] ?? [];
      const inputs = node.inputs.map((name, i) => (isSingle(name) && !stays.includes(i) ? half(name) : name));
      const outputs = node.outputs.map((name) => name && b.fresh(`${name}_half`));
      b.emit(node.op, inputs, Object.fromEntries(node.attributes), { outputs, domain: node.domain });
      node.outputs.forEach((name, i) => name && made(name, outputs[i]!));
    } else {
      for (const name of reads) single(name);
      b.keep(node);
    }
  }
  for (const { name } of graph.outputs) single(name);
  const finished = b.finish(graph.outputs.map(({ name }) => name));
  return { ...finished, graph: prune(finished.graph) };
}

/** A constant in half precision, as far as there is a better way than to cast it. */
function halfConstant(b: Ops, name: string, half: (name: string) => string): string | undefined {
  const tensor = b.tensor(name);
  if (tensor) return tensor.external ? undefined : b.constant(narrowed(tensor), `${name}_half`);
  const node = b.producer(name);
  if (!node || node.domain !== "") return undefined;
  const [input, ...others] = node.inputs as [string, ...string[]];
  if (node.op === "Cast") return b.type(input).dtype === "float16" ? input : undefined;
  const [scale, ...zero] = others;
  const attributes = Object.fromEntries(node.attributes);
  if (node.op === "DequantizeLinear" && b.opset >= HALF_SCALES)
    return b.emit("DequantizeLinear", [input, half(scale!), ...zero], attributes);
  return ARRANGING.has(node.op) ? b.emit(node.op, [half(input), ...others], attributes) : undefined;
}

function narrowed({ dtype, dims, raw }: OnnxTensor): OnnxTensor {
  const values = floatsOf(dtype, raw).map((value) => Math.max(-LARGEST, Math.min(LARGEST, value)));
  return floatTensor("float16", dims, values);
}
