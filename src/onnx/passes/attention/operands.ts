import type { GraphNode } from "../../model.ts";
import { sameDims } from "../../ops.ts";
import type { Arrangement, HeadSizes } from "./arrangement.ts";
import { apart, apartTransposed, arrange, isArranging, isSame, together } from "./arrangement.ts";
import type { GraphView } from "./graph-view.ts";

/** One of the three things attention takes, or what it gives. */
export interface Operand {
  readonly value: string;
  readonly sizes: HeadSizes;
  /** As it lies there: heads together are [N, S, H·d]; apart they are [N, H, S, d] or [N·H, S, d]. */
  readonly form: "together" | "apart" | "apart, transposed";
}

/** What an operand of a product is made of, one node farther with each step. */
interface Step {
  readonly value: string;
  readonly dims: readonly number[];
  /** The node that makes the value of the step before; none for the operand itself. */
  readonly by: GraphNode | undefined;
  /** What the way from here multiplies by. */
  readonly scale: number;
}

/** Looks through arrangements and, where `scaled`, multiplications by a number. */
export function stepsBehind(
  operand: string,
  view: GraphView,
  { scaled }: { scaled: boolean },
): readonly Step[] {
  const type = view.type(operand);
  const steps: Step[] = [];
  let step: Step | undefined = type && { value: operand, dims: type.dims, by: undefined, scale: 1 };
  while (step) {
    steps.push(step);
    const by = view.producer(step.value);
    const factor = by && scaled ? factorOf(by, view) : undefined;
    const value = factor?.of ?? (by && isStill(by, view) ? by.inputs[0]! : undefined);
    const dims = value === undefined ? undefined : view.type(value)?.dims;
    step = dims && { value: value!, dims, by, scale: step.scale * (factor?.by ?? 1) };
  }
  return steps;
}

/** How many heads lie together behind an operand [matrices, length, width]; one where that is not to be seen. */
export function headsBehind(
  steps: readonly Step[],
  [matrices, length, width]: readonly [number, number, number],
): number {
  for (const [i, { dims }] of steps.entries()) {
    const heads = dims[2]! / width;
    const sizes = { batch: matrices / heads, heads, length, width };
    if (isTogether(steps, i, sizes, apart)) return heads;
  }
  return 1;
}

/** Where the heads of an operand are still together, and the scale from there on; else the operand as it is. */
export function source(
  steps: readonly Step[],
  sizes: HeadSizes,
  form: "apart" | "apart, transposed",
): Operand & { readonly scale: number } {
  const wanted = form === "apart" ? apart : apartTransposed;
  const found = steps.find((_, i) => isTogether(steps, i, sizes, wanted));
  if (found) return { value: found.value, sizes, form: "together", scale: found.scale };
  return { value: steps[0]!.value, sizes, form, scale: 1 };
}

/** Whether step i is [N, S, H·d] and its way to the operand takes the heads apart as `wanted`. */
function isTogether(
  steps: readonly Step[],
  i: number,
  sizes: HeadSizes,
  wanted: (sizes: HeadSizes, dims: readonly number[]) => Arrangement | undefined,
): boolean {
  if (!sameDims(steps[i]!.dims, togetherDims(sizes))) return false;
  let arrangement: Arrangement | undefined = together(sizes);
  for (let j = i; j > 0; j--) arrangement = arrange(steps[j]!.by!, arrangement, steps[j - 1]!.dims);
  return isSame(arrangement, wanted(sizes, steps[0]!.dims));
}

const togetherDims = ({ batch, heads, length, width }: HeadSizes) => [batch, length, heads * width];

/** Where what a product gives, a matrix a head, has been put together; the product's own output where it is not. */
export function target(product: string, sizes: HeadSizes, view: GraphView): Operand {
  let value = product;
  let arrangement = apart(sizes, view.type(product)!.dims);
  for (;;) {
    const dims = view.type(value)!.dims;
    if (sameDims(dims, togetherDims(sizes)) && isSame(arrangement, together(sizes)))
      return { value, sizes, form: "together" };
    const reader = view.onlyReader(value);
    const next = reader && isStill(reader, view) ? reader.outputs[0]! : undefined;
    if (next === undefined) return { value: product, sizes, form: "apart" };
    arrangement = arrange(reader!, arrangement, view.type(next)!.dims);
    value = next;
  }
}

/** Whether a node gives its first input, at most arranged anew. */
export function isStill(node: GraphNode, view: GraphView): boolean {
  const [from, to] = [view.type(node.inputs[0] ?? ""), view.type(node.outputs[0]!)];
  if (!from || !to || node.domain !== "") return false;
  return isArranging(node) || (node.op === "Cast" && from.dtype === to.dtype);
}

/** The number a node multiplies a value by, where that is all it does. */
export function factorOf(
  node: GraphNode,
  view: GraphView,
): { readonly of: string; readonly by: number } | undefined {
  if (node.domain !== "" || (node.op !== "Mul" && node.op !== "Div")) return undefined;
  const [a, b] = node.inputs as [string, string];
  const dims = view.type(node.outputs[0]!)?.dims;
  const scaled = (value: string, number: number | undefined) =>
    number && dims && sameDims(view.type(value)?.dims ?? [], dims)
      ? { of: value, by: node.op === "Div" ? 1 / number : number }
      : undefined;
  return scaled(a, view.scalar(b)) ?? (node.op === "Mul" ? scaled(b, view.scalar(a)) : undefined);
}
