/**
 * Weights of models too large for one ArrayBuffer: read one tensor at a time from wherever they lie, written one after
 * the other to a file beside the graph.
 */
import { UserError } from "../core/errors.ts";
import type { OnnxTensor } from "./tensor.ts";
import { byteLength } from "./tensor.ts";

/** The bytes of a tensor, wherever it keeps them. */
export type ReadTensor = (tensor: OnnxTensor) => Promise<Uint8Array>;
/** Puts a tensor's bytes away and gives the tensor that says where. */
export type StoreTensor = (tensor: OnnxTensor) => Promise<OnnxTensor>;

/** @param files external data by the location that the graph names */
export function tensorReader(files: ReadonlyMap<string, Blob | Uint8Array>): ReadTensor {
  return async ({ dtype, dims, raw, external }) => {
    if (!external) return raw;
    const location = external.get("location") ?? "";
    const file = files.get(location);
    if (!file) throw new UserError(`The ONNX model keeps weights in "${location}", which is not there`);
    const start = Number(external.get("offset") ?? 0);
    const end = start + byteLength(dtype, dims);
    const size = file instanceof Blob ? file.size : file.byteLength;
    if (end > size) {
      throw new UserError(
        `"${location}" is cut short: it has ${size} bytes, and weights of the ONNX model lie up to byte ${end}`,
        "Download it again and compare the file size.",
      );
    }
    return file instanceof Blob
      ? new Uint8Array(await file.slice(start, end).arrayBuffer())
      : file.subarray(start, end);
  };
}

/** Smaller tensors stay in the graph: shape inference and constant folding look at them. */
const INLINE_BYTES = 1024;
/** Lets a runtime map the file into memory and use it as it lies there. */
const ALIGNMENT = 64;

/** Writes tensors one after the other to what will be the file `location`. */
export function externalStore(
  location: string,
  write: (bytes: Uint8Array) => Promise<void>,
): { readonly store: StoreTensor; readonly size: () => number } {
  let offset = 0;
  return {
    size: () => offset,
    async store(tensor) {
      const { dtype, dims, raw } = tensor;
      if (tensor.strings || raw.byteLength < INLINE_BYTES) return tensor;
      const padding = -offset & (ALIGNMENT - 1);
      if (padding > 0) await write(new Uint8Array(padding));
      const start = offset + padding;
      await write(raw);
      offset = start + raw.byteLength;
      const external = new Map([
        ["location", location],
        ["offset", String(start)],
        ["length", String(raw.byteLength)],
      ]);
      return { dtype, dims, raw: new Uint8Array(0), external };
    },
  };
}

/** Leaves tensors in the graph, for models that are small. */
export const inlineStore: StoreTensor = async (tensor) => tensor;
