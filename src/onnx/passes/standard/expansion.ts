import type { Attribute, GraphNode } from "../../model.ts";
import type { Ops } from "../../ops.ts";

/**
 * Writes a node in other operators and returns the values that stand for its outputs, in their order; undefined for
 * those that nobody can ask for. Throws a UserError where the node uses what cannot be expressed.
 */
export type Expansion = (b: Ops, node: GraphNode) => readonly (string | undefined)[];

/** By operator, as `ruleName` spells it. */
export type ExpansionTable = Readonly<Record<string, Expansion>>;

/** Inputs of a node; an optional one that is left out is undefined. */
export function inputsOf<N extends number>(
  node: GraphNode,
  count: N,
): (string | undefined)[] & { length: N } {
  return Array.from({ length: count }, (_, i) => node.inputs[i] || undefined) as (string | undefined)[] & {
    length: N;
  };
}

/** A node's attributes without those that only its fused form knows. */
export function attributesBut(node: GraphNode, ...names: readonly string[]): Record<string, Attribute> {
  return Object.fromEntries([...node.attributes].filter(([name]) => !names.includes(name)));
}
