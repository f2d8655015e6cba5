import { assert } from "../core/assert.ts";
import { freshNames } from "./graph.ts";
import { inferRule } from "./infer/index.ts";
import type { TensorType } from "./infer/rule.ts";
import { isKnown } from "./infer/propagate.ts";
import type { Attribute, GraphNode, Model, ValueInfo } from "./model.ts";
import { opsetOf } from "./model.ts";
import type { OnnxTensor } from "./tensor.ts";
import { sizeOf, valuesOf } from "./tensor.ts";

/** Constants up to this many elements are shared when equal. */
const SHARED_SIZE = 64;

export interface NodeOptions {
  /** Names of the outputs; one fresh name unless given. */
  readonly outputs?: readonly string[];
  readonly domain?: string;
}

/** Writes a static graph node by node and always knows every value's type. */
export interface Builder {
  readonly opset: number;
  /** Prefix of fresh names, so that a profile or an error says where a node comes from. */
  scope: string;
  knows(name: string): boolean;
  /** Fails on values that `knows` denies. */
  type(name: string): TensorType;
  dims(name: string): readonly number[];
  /** The tensor of an initializer that lies in memory. */
  tensor(name: string): OnnxTensor | undefined;
  /** Contents of a small constant. */
  values(name: string): readonly number[] | undefined;
  /** The node that makes a value; undefined for inputs and constants. */
  producer(name: string): GraphNode | undefined;
  fresh(hint: string): string;
  /** Adds an initializer and returns its name. */
  constant(tensor: OnnxTensor, hint?: string): string;
  /** Adds a node and returns its first output. */
  emit(
    op: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    options?: NodeOptions,
  ): string;
  /** Takes over a node as it is. */
  keep(node: GraphNode): void;
  /** Takes over a node once more, its outputs under fresh names and some of its inputs replaced. */
  copy(node: GraphNode, replaced: ReadonlyMap<string, string>): GraphNode;
  /** Declares a further input of the graph. */
  input(info: TensorType & { readonly name: string }): string;
  /** The model with the nodes added so far and the outputs given. */
  finish(outputs: readonly string[]): Model;
}

/** Starts a graph with the inputs, initializers and value types of `model` (sizes fixed), and no nodes yet. */
export function createBuilder(model: Model): Builder {
  const { graph } = model;
  const opset = opsetOf(model);
  const types = new Map<string, TensorType>();
  const learn = (
    name: string,
    { dtype, dims }: { dtype: TensorType["dtype"]; dims?: ValueInfo["dims"] },
  ): void => {
    if (isKnown(dims)) types.set(name, { dtype, dims });
  };
  for (const [name, tensor] of graph.initializers) learn(name, tensor);
  for (const info of [...graph.inputs, ...graph.outputs]) learn(info.name, info);
  for (const [name, type] of graph.values) learn(name, type);

  const initializers = new Map(graph.initializers);
  const inputs = [...graph.inputs];
  const nodes: GraphNode[] = [];
  const makers = new Map<string, GraphNode>();
  const shared = new Map<string, string>();
  const fresh = freshNames(graph);

  const builder: Builder = {
    opset,
    scope: "",
    knows: (name) => types.has(name),
    type(name) {
      const type = types.get(name);
      assert(type, `type of "${name}" is not known: sizes have to be fixed first`);
      return type;
    },
    dims: (name) => builder.type(name).dims,
    tensor: (name) => initializers.get(name),
    values(name) {
      const tensor = initializers.get(name);
      return tensor && valuesOf(tensor);
    },
    producer: (name) => makers.get(name),
    fresh: (hint) => fresh(builder.scope ? `${builder.scope}/${hint}` : hint),
    constant(tensor, hint = "constant") {
      const key =
        sizeOf(tensor.dims) <= SHARED_SIZE && `${tensor.dtype} ${tensor.dims.join("×")} ${tensor.raw.join()}`;
      const existing = key && shared.get(key);
      if (existing) return existing;
      const name = fresh(hint);
      initializers.set(name, tensor);
      learn(name, tensor);
      if (key) shared.set(key, name);
      return name;
    },
    emit(op, inputNames, attributes = {}, { outputs, domain = "" } = {}) {
      const names = outputs ?? [builder.fresh(op)];
      const node: GraphNode = {
        name: fresh(names[0]!),
        op,
        domain,
        inputs: inputNames,
        outputs: names,
        attributes: new Map(Object.entries(attributes)),
      };
      const rule = inferRule(node);
      assert(rule, `no shape rule for ${op}`);
      const made = rule({
        node,
        opset: domain ? 1 : opset,
        inputs: inputNames.map((name) => (name ? builder.type(name) : undefined)),
        constant: (i) => builder.values(inputNames[i] ?? ""),
      });
      names.forEach((name, i) => {
        assert(name === "" || made?.[i], `type of output ${i} of ${op} does not follow from its inputs`);
        if (name) learn(name, made![i]!);
      });
      builder.keep(node);
      return names[0]!;
    },
    keep(node) {
      nodes.push(node);
      for (const output of node.outputs) makers.set(output, node);
    },
    copy(node, replaced) {
      const outputs = node.outputs.map((name) => name && builder.fresh(name));
      outputs.forEach((name, i) => {
        const type = types.get(node.outputs[i]!);
        if (type) types.set(name, type);
      });
      const copied = {
        ...node,
        name: fresh(outputs[0]!),
        inputs: node.inputs.map((name) => replaced.get(name) ?? name),
        outputs,
      };
      builder.keep(copied);
      return copied;
    },
    input(info) {
      inputs.push(info);
      learn(info.name, info);
      return info.name;
    },
    finish(outputs) {
      const made = new Set(nodes.flatMap((node) => node.outputs));
      return {
        ...model,
        graph: {
          ...graph,
          inputs,
          nodes,
          initializers,
          outputs: outputs.map((name) => ({ name, ...builder.type(name) })),
          values: new Map([...types].filter(([name]) => made.has(name) && !outputs.includes(name))),
        },
      };
    },
  };
  return builder;
}
