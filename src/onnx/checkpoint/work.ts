import { ruleName } from "../infer/index.ts";
import type { TensorType } from "../infer/rule.ts";
import type { GraphNode } from "../model.ts";
import { sizeOf } from "../tensor.ts";

type Dims = readonly number[];

/** Multiplications of products by the sizes of their output and inputs. */
const PRODUCTS: Readonly<Record<string, (output: Dims, inputs: readonly Dims[]) => number>> = {
  Conv: (y, [, weights]) => sizeOf(y) * sizeOf(weights!.slice(1)),
  ConvTranspose: (_, [x, weights]) => sizeOf(x!) * sizeOf(weights!.slice(1)),
  MatMul: (y, [a]) => sizeOf(y) * a!.at(-1)!,
  // [m, k] by [k, n], either turned: m·n·k.
  Gemm: (y, [a, b]) => Math.sqrt(sizeOf(y) * sizeOf(a!) * sizeOf(b!)),
};

/** About how many operations a node takes, to compare parts of a network with: one an element where not a product. */
export function workOf(node: GraphNode, type: (name: string) => TensorType): number {
  const output = type(node.outputs[0]!).dims;
  const product = PRODUCTS[ruleName(node)];
  return product
    ? product(
        output,
        node.inputs.map((name) => (name ? type(name).dims : [])),
      )
    : sizeOf(output);
}
