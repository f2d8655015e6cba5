import { UserError } from "../core/errors.ts";
import type { Attribute, GraphNode } from "./model.ts";
import type { OnnxTensor } from "./tensor.ts";

/** Shorthands to write attributes with. */
export const int = (value: number): Attribute => ({ kind: "int", value });
export const ints = (value: readonly number[]): Attribute => ({ kind: "ints", value });
export const float = (value: number): Attribute => ({ kind: "float", value });
export const text = (value: string): Attribute => ({ kind: "string", value });
export const tensorAttribute = (value: OnnxTensor): Attribute => ({ kind: "tensor", value });

/** A node as messages name it; many exporters leave node names empty. */
export function title(node: GraphNode): string {
  const op = node.domain ? `${node.domain}.${node.op}` : node.op;
  return `${op} "${node.name || node.outputs[0]}"`;
}

type ValueOf<K extends Attribute["kind"]> = Extract<Attribute, { kind: K }>["value"];

function read<K extends Attribute["kind"]>(node: GraphNode, name: string, kind: K): ValueOf<K> | undefined {
  const attribute = node.attributes.get(name);
  if (!attribute) return undefined;
  if (attribute.kind !== kind)
    throw new UserError(`Attribute ${name} of ${title(node)} is not of kind ${kind}`);
  return attribute.value as ValueOf<K> | undefined;
}

export const getInt = (node: GraphNode, name: string): number | undefined => read(node, name, "int");
export const getFloat = (node: GraphNode, name: string): number | undefined => read(node, name, "float");
export const getText = (node: GraphNode, name: string): string | undefined => read(node, name, "string");
export const getTensor = (node: GraphNode, name: string): OnnxTensor | undefined =>
  read(node, name, "tensor");
export const getInts = (node: GraphNode, name: string): readonly number[] | undefined =>
  read(node, name, "ints");
export const getFloats = (node: GraphNode, name: string): readonly number[] | undefined =>
  read(node, name, "floats");

/** Counts a negative axis from the end. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
