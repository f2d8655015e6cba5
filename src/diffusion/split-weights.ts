import { byteLength } from "../onnx/tensor.ts";
import type { OnnxTensor } from "../onnx/tensor.ts";
import { writeModel } from "../onnx/write.ts";
import type { Network } from "./graph-runner.ts";

/** Chrome reads no 2 GiB of a file into one array. */
const MOST_BYTES = 1 << 30;

/**
 * Cuts files of weights, between tensors, into pieces of no more than `mostBytes` (or of one tensor): builds of ONNX
 * Runtime that cannot suspend read each file into one array. Only the names in the graph change; no weight is read.
 * The network itself where no file is that large.
 */
export function splitWeights(network: Network, mostBytes = MOST_BYTES): Network {
  const { model, externalData = [] } = network;
  const large = new Map(
    externalData.flatMap(({ path, data }) =>
      data instanceof Blob && data.size > mostBytes ? [[path, data] as const] : [],
    ),
  );
  if (large.size === 0) return network;

  const initializers = new Map(model.graph.initializers);
  const pieces = [...large].flatMap(([path, file]) => {
    const tensors = [...initializers].filter(([, { external }]) => external?.get("location") === path);
    return piecesOf(tensors, mostBytes).map(({ start, end, members }, i) => {
      const location = `${path}.${i}`;
      for (const [name, tensor] of members) initializers.set(name, moved(tensor, location, start));
      return { path: location, data: file.slice(start, end) };
    });
  });
  const split = { ...model, graph: { ...model.graph, initializers } };
  return {
    ...network,
    model: split,
    bytes: writeModel(split),
    externalData: [...externalData.filter(({ path }) => !large.has(path)), ...pieces],
  };
}

type Named = readonly [name: string, tensor: OnnxTensor];

interface Piece {
  readonly start: number;
  end: number;
  readonly members: Named[];
}

const startOf = ([, { external }]: Named): number => Number(external!.get("offset") ?? 0);

/** Tensors may lie in any order, and share bytes. */
function piecesOf(tensors: readonly Named[], mostBytes: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const named of tensors.toSorted((a, b) => startOf(a) - startOf(b))) {
    const start = startOf(named);
    const end = start + byteLength(named[1].dtype, named[1].dims);
    const last = pieces.at(-1);
    if (last && (end <= last.end || end - last.start <= mostBytes)) {
      last.end = Math.max(last.end, end);
      last.members.push(named);
    } else {
      pieces.push({ start, end, members: [named] });
    }
  }
  return pieces;
}

function moved(tensor: OnnxTensor, location: string, by: number): OnnxTensor {
  const external = new Map(tensor.external);
  external.set("location", location);
  external.set("offset", String(Number(external.get("offset") ?? 0) - by));
  return { ...tensor, external };
}
