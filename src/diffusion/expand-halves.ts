import { getInt } from "../onnx/attributes.ts";
import { DTYPES } from "../onnx/dtype.ts";
import { floatTensor, floatsOf } from "../onnx/floats.ts";
import { readsOf } from "../onnx/graph.ts";
import { ruleName } from "../onnx/infer/index.ts";
import type { GraphNode } from "../onnx/model.ts";
import { externalStore, tensorReader } from "../onnx/storage.ts";
import type { OnnxTensor } from "../onnx/tensor.ts";
import { writeModel } from "../onnx/write.ts";
import type { Network } from "./graph-runner.ts";

/** Where the expanded weights lie; no file is called so. */
const LOCATION = "splatsmith-float32";

/**
 * Makes weights that lie as halves in files and are cast to float32 float32 before a session sees them, one after the
 * other. ONNX Runtime would fold the casts while it loads, in WebAssembly's memory, which cannot hold a large UNet in
 * float32; what it is given expanded goes straight to the GPU. Other networks come back as they are.
 */
export async function expandHalves(network: Network): Promise<Network> {
  const { model, externalData = [] } = network;
  const { graph } = model;
  const casts = castsOfHalves(network);
  if (casts.size === 0) return network;
  const read = tensorReader(new Map(externalData.map(({ path, data }) => [path, data])));
  const parts: Blob[] = [];
  const write = async (bytes: Uint8Array): Promise<void> => {
    parts.push(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  };
  const { store } = externalStore(LOCATION, write);
  const initializers = new Map<string, OnnxTensor>();
  for (const [name, tensor] of graph.initializers) {
    const cast = casts.get(name);
    if (!cast) initializers.set(name, tensor);
    else {
      const floats = floatsOf(tensor.dtype, await read(tensor));
      initializers.set(cast.outputs[0]!, await store(floatTensor("float32", tensor.dims, floats)));
    }
  }
  const gone = new Set(casts.values());
  const expanded = {
    ...model,
    graph: { ...graph, initializers, nodes: graph.nodes.filter((node) => !gone.has(node)) },
  };
  return {
    ...network,
    model: expanded,
    bytes: writeModel(expanded),
    externalData: [...externalData, { path: LOCATION, data: new Blob(parts) }],
  };
}

/** By initializer that lies in a file and that nothing else reads. */
function castsOfHalves({ model: { graph } }: Network): ReadonlyMap<string, GraphNode> {
  const readers = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    for (const name of readsOf(node)) readers.set(name, [...(readers.get(name) ?? []), node]);
  }
  return new Map(
    [...graph.initializers].flatMap(([name, { dtype, external }]) => {
      const [reader, ...others] = readers.get(name) ?? [];
      const isCast =
        reader &&
        ruleName(reader) === "Cast" &&
        getInt(reader, "to") === DTYPES.float32.code &&
        others.length === 0;
      return dtype === "float16" && external && isCast ? [[name, reader] as const] : [];
    }),
  );
}
