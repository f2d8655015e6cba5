import { int, tensorAttribute } from "../attributes.ts";
import { castNode } from "../cast.ts";
import { DTYPES } from "../dtype.ts";
import { floatTensor, floatsOf } from "../floats.ts";
import { freshNames } from "../graph.ts";
import type { Attribute, Graph, GraphNode, Model } from "../model.ts";
import type { OnnxTensor } from "../tensor.ts";
import { byteLength } from "../tensor.ts";

/** Larger weights stay halves behind a Cast, which ONNX Runtime folds when it loads the graph. */
const CONVERTED_BYTES = 64 << 10;

/** Attributes that name the element type of an output. */
const TYPE_ATTRIBUTES: ReadonlySet<string> = new Set(["to", "dtype", "output_dtype"]);

/**
 * A network that was exported in float16, in float32; other networks as they are. Whether to compute in half precision
 * is then a question of where the network runs (see `mixedPrecision`) and not of its file.
 */
export function singlePrecision(model: Model): Model {
  if (!usesHalves(model.graph)) return model;
  const fresh = freshNames(model.graph);
  return { ...model, graph: widenGraph(model.graph, fresh) };
}

function usesHalves(graph: Graph): boolean {
  if ([...graph.inputs, ...graph.outputs].some(isHalf)) return true;
  // Stored as halves and cast to float32 is how a float32 network is kept small.
  return graph.nodes.some(
    ({ op, inputs, attributes }) =>
      [...attributes].some(([name, attribute]) => namesHalf(name, attribute) || holdsHalves(attribute)) ||
      (op !== "Cast" && inputs.some((input) => isHalf(graph.initializers.get(input)))),
  );
}

const isHalf = (type: { readonly dtype: string } | undefined): boolean => type?.dtype === "float16";

const holdsHalves = (attribute: Attribute): boolean =>
  (attribute.kind === "graph" && usesHalves(attribute.value)) ||
  (attribute.kind === "tensor" && isHalf(attribute.value));

const namesHalf = (name: string, attribute: Attribute): boolean =>
  attribute.kind === "int" && TYPE_ATTRIBUTES.has(name) && attribute.value === DTYPES.float16.code;

function widenGraph(graph: Graph, fresh: (hint: string) => string): Graph {
  const initializers = new Map<string, OnnxTensor>();
  const casts: GraphNode[] = [];
  for (const [name, tensor] of graph.initializers) {
    const isSmall = !tensor.external && byteLength(tensor.dtype, tensor.dims) <= CONVERTED_BYTES;
    if (!isHalf(tensor)) initializers.set(name, tensor);
    else if (isSmall) initializers.set(name, widenTensor(tensor));
    else {
      const halves = fresh(`${name}_half`);
      initializers.set(halves, tensor);
      casts.push(castNode(fresh(`${name}/Cast`), halves, name, "float32"));
    }
  }
  const widen = <T extends { readonly dtype: string }>(type: T): T =>
    isHalf(type) ? { ...type, dtype: "float32" } : type;
  return {
    ...graph,
    initializers,
    nodes: [...casts, ...graph.nodes.map((node) => widenNode(node, fresh))],
    inputs: graph.inputs.map(widen),
    outputs: graph.outputs.map(widen),
    values: new Map([...graph.values].map(([name, type]) => [name, widen(type)])),
  };
}

function widenNode(node: GraphNode, fresh: (hint: string) => string): GraphNode {
  const attributes = [...node.attributes].map(([name, attribute]): [string, Attribute] => {
    if (namesHalf(name, attribute)) return [name, int(DTYPES.float32.code)];
    if (attribute.kind === "graph")
      return [name, { kind: "graph", value: widenGraph(attribute.value, fresh) }];
    if (attribute.kind === "tensor" && isHalf(attribute.value))
      return [name, tensorAttribute(widenTensor(attribute.value))];
    return [name, attribute];
  });
  return { ...node, attributes: new Map(attributes) };
}

const widenTensor = ({ dtype, dims, raw }: OnnxTensor): OnnxTensor =>
  floatTensor("float32", dims, floatsOf(dtype, raw));
