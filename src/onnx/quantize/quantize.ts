import { UserError } from "../../core/errors.ts";
import { floatsOf, holdsFloats } from "../floats.ts";
import { freshNames } from "../graph.ts";
import type { GraphNode, Model } from "../model.ts";
import { opsetOf } from "../model.ts";
import type { ReadTensor, StoreTensor } from "../storage.ts";
import type { OnnxTensor } from "../tensor.ts";
import { byteLength } from "../tensor.ts";
import { dequantizeLinear } from "./dequantize-linear.ts";
import type { Form } from "./form.ts";
import { FIRST_OPSET } from "./form.ts";
import { half } from "./half.ts";
import { matMulNBits } from "./matmul-nbits.ts";
import { rolesOf } from "./roles.ts";
import type { Role } from "./roles.ts";
import { findWeights } from "./weights.ts";
import type { Weight } from "./weights.ts";

/**
 * How many bits weights get; "keep" leaves them as they are. int4 is for products alone; convolutions, which it hurts
 * most, get int8 then.
 */
export type WeightFormat = "int8" | "int4" | "float16" | "keep";

/**
 * How products are stored. "dequantize" runs everywhere, can be expanded once at load, and can be differentiated;
 * "fused" is MatMulNBits, which ONNX Runtime's WebGPU provider runs faster than a product with floats.
 */
export type LinearForm = "dequantize" | "fused";

export interface QuantizeOptions {
  readonly weights: WeightFormat;
  readonly linear?: LinearForm;
  /** Roles that stay halves. */
  readonly keepRoles?: readonly Role[];
  readonly read: ReadTensor;
  readonly store: StoreTensor;
  /** Bytes of weights dealt with, of all. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Those that cost most for their size, measured weight by weight on the embedded model's UNet. */
export const KEPT_ROLES: readonly Role[] = ["first layer", "last layer", "time embedding"];

/**
 * Stores the weights of a model in fewer bits. Reads and stores one tensor at a time, so memory is bounded by the
 * largest, whatever the size of the model. Throws a UserError for models of an operator set that cannot say it.
 */
export async function quantizeModel(model: Model, options: QuantizeOptions): Promise<Model> {
  const { read, store, onProgress, signal } = options;
  const { graph } = model;
  if (options.weights.startsWith("int") && opsetOf(model) < FIRST_OPSET) {
    throw new UserError(
      `The ONNX model uses operator set ${opsetOf(model)}; int8 weights need ${FIRST_OPSET} or newer`,
      "Export the model anew, or keep its weights as float16.",
    );
  }
  const found = options.weights === "keep" ? [] : findWeights(graph);
  const weights = new Map(found.map((weight) => [weight.name, weight]));
  const formOf = chooseForms(model, found, options);
  const context = { opset: opsetOf(model), fresh: freshNames(graph) };

  const initializers = new Map<string, OnnxTensor>();
  const prologue: GraphNode[] = [];
  const replaced = new Map<GraphNode, readonly GraphNode[]>();
  const total = [...graph.initializers.values()].reduce((sum, tensor) => sum + sizeInBytes(tensor), 0);
  let done = 0;
  for (const [name, tensor] of graph.initializers) {
    signal?.throwIfAborted();
    const whole = { ...without(tensor), raw: await read(tensor) };
    const weight = weights.get(name);
    if (!weight) initializers.set(name, await store(whole));
    else {
      const form = formOf(weight);
      const replacement = form({ ...weight, tensor: whole }, floatsOf(tensor.dtype, whole.raw), context);
      for (const [key, value] of replacement.initializers) initializers.set(key, await store(value));
      prologue.push(...replacement.prologue);
      for (const [node, nodes] of replacement.consumers) replaced.set(node, nodes);
    }
    onProgress?.((done += sizeInBytes(tensor)), total);
  }
  const usesMicrosoft = [...replaced.values()].flat().some(({ domain }) => domain === "com.microsoft");
  return {
    ...model,
    opsets: usesMicrosoft ? new Map([["com.microsoft", 1], ...model.opsets]) : model.opsets,
    graph: {
      ...graph,
      initializers,
      nodes: [...prologue, ...graph.nodes.flatMap((node) => replaced.get(node) ?? node)],
    },
  };
}

const sizeInBytes = ({ dtype, dims }: OnnxTensor): number => byteLength(dtype, dims);

function without({ external: _, ...tensor }: OnnxTensor): OnnxTensor {
  return tensor;
}

function chooseForms(
  model: Model,
  all: readonly Weight[],
  { weights, linear = "dequantize", keepRoles = KEPT_ROLES }: QuantizeOptions,
): (weight: Weight) => Form {
  if (weights === "float16") return () => half;
  const roles = rolesOf(model.graph, all);
  const bits = weights === "int4" ? 4 : 8;
  return (weight) => {
    const role = roles.get(weight.name);
    if (role && keepRoles.includes(role)) return half;
    if (weight.linear && (bits === 4 || linear === "fused") && holdsFloats(weight.tensor))
      return matMulNBits(bits);
    return dequantizeLinear;
  };
}
