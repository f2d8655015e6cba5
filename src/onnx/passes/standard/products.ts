import { UserError } from "../../../core/errors.ts";
import { getFloat, getFloats, getInt, getInts, getText, title } from "../../attributes.ts";
import type { GraphNode } from "../../model.ts";
import type { Ops } from "../../ops.ts";
import { sameDims } from "../../ops.ts";
import type { ExpansionTable } from "./expansion.ts";
import { attributesBut, inputsOf } from "./expansion.ts";

/** Activations of FusedConv with the names of their parameters in order; Clip takes its own as inputs. */
const ACTIVATIONS: Readonly<Record<string, readonly string[]>> = {
  Relu: [],
  Sigmoid: [],
  Tanh: [],
  LeakyRelu: ["alpha"],
  HardSigmoid: ["alpha", "beta"],
};

/** Matrix products and convolutions with a neighbour folded in. */
export const products: ExpansionTable = {
  /** alpha · A B, either transposed in its last two axes. */
  "com.microsoft.FusedMatMul": (b, node) => {
    if (getInt(node, "transBatchA") || getInt(node, "transBatchB"))
      throw new UserError(`${title(node)} moves its batch axis, which is not supported`);
    const [left, right] = (["transA", "transB"] as const).map((transposed, i) =>
      getInt(node, transposed) ? swapLast(b, node.inputs[i]!) : node.inputs[i]!,
    ) as [string, string];
    return [b.scale(b.matMul(left, right), getFloat(node, "alpha") ?? 1)];
  },

  /** activation(Conv + Z) */
  "com.microsoft.FusedConv": (b, node) => {
    const [x, w, bias, z] = inputsOf(node, 4);
    const conv = b.emit(
      "Conv",
      bias ? [x!, w!, bias] : [x!, w!],
      attributesBut(node, "activation", "activation_params"),
    );
    return [activate(b, node, z ? b.add(conv, z) : conv)];
  },

  /** A convolution of [N, H, W, C] whose weights are [out, kH, kW, in]; in some files they stay as Conv has them. */
  "com.microsoft.NhwcConv": (b, node) => {
    const [x, w, bias] = inputsOf(node, 3);
    const kernel = getInts(node, "kernel_shape");
    const planarWeights =
      kernel && sameDims(b.dims(w!).slice(2), kernel) && !sameDims(b.dims(w!).slice(1, 3), kernel);
    const weights = planarWeights ? w! : b.transpose(w!, [0, 3, 1, 2]);
    const planar = b.transpose(x!, [0, 3, 1, 2]);
    const inputs = bias ? [planar, weights, bias] : [planar, weights];
    return [b.transpose(b.emit("Conv", inputs, attributesBut(node)), [0, 2, 3, 1])];
  },
};

function swapLast(b: Ops, x: string): string {
  const axes = b.dims(x).map((_, axis) => axis);
  return b.transpose(x, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
}

function activate(b: Ops, node: GraphNode, x: string): string {
  const name = getText(node, "activation");
  if (!name) return x;
  const parameters = getFloats(node, "activation_params") ?? [];
  if (name === "Clip") {
    const [low, high] = parameters as [number, number];
    return b.emit("Clip", [x, b.scalar(low, x), b.scalar(high, x)]);
  }
  const names = ACTIVATIONS[name];
  if (!names) throw new UserError(`${title(node)} has the activation ${name}, which is not supported`);
  const attributes = names.map((key, i) => [key, { kind: "float", value: parameters[i]! }] as const);
  return b.emit(name, [x], Object.fromEntries(attributes));
}
