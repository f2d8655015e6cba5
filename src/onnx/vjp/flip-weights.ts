import { getInt, int } from "../attributes.ts";
import { DTYPES } from "../dtype.ts";
import type { Ops } from "../ops.ts";
import type { OnnxTensor } from "../tensor.ts";
import { sizeOf } from "../tensor.ts";

/**
 * Weights [M, C/g, …] of a convolution, made into those of its adjoint at stride 1: channels exchanged within each
 * group, [C, M/g, …], and every kernel reversed. Undefined when the weights are not at hand: computed, kept outside the
 * file, or quantised in a way that does not survive the exchange. Quantised weights stay quantised.
 */
export function flippedWeights(b: Ops, weights: string, group: number): string | undefined {
  const tensor = b.tensor(weights);
  if (tensor) {
    const flipped = flip(tensor, group);
    return flipped && b.constant(flipped, `${weights}_flipped`);
  }
  const node = b.producer(weights);
  // Weights stored as halves, or the floats of a dequantization made halves.
  if (node?.op === "Cast" && node.domain === "") {
    const flipped = flippedWeights(b, node.inputs[0]!, group);
    return flipped && b.cast(flipped, b.type(weights).dtype);
  }
  if (node?.op !== "DequantizeLinear" || node.domain !== "" || getInt(node, "block_size")) return undefined;
  const [quantized, ...parameters] = node.inputs as [string, ...string[]];
  const perChannel = sizeOf(b.dims(parameters[0]!)) > 1;
  if (perChannel && (group !== 1 || (getInt(node, "axis") ?? 1) !== 0)) return undefined;
  const values = b.tensor(quantized);
  const flipped = values && flip(values, group);
  if (!flipped) return undefined;
  const inputs = [b.constant(flipped, `${quantized}_flipped`), ...parameters];
  return b.emit("DequantizeLinear", inputs, perChannel ? { axis: int(1) } : {});
}

/** Elements are moved, not computed with, so any type of the same width does. */
const UNITS: Readonly<Record<number, (bytes: ArrayBuffer) => Uint8Array | Uint16Array | Uint32Array>> = {
  8: (bytes) => new Uint8Array(bytes),
  16: (bytes) => new Uint16Array(bytes),
  32: (bytes) => new Uint32Array(bytes),
};

function flip(tensor: OnnxTensor, group: number): OnnxTensor | undefined {
  const units = UNITS[DTYPES[tensor.dtype].bits];
  if (!units || tensor.external) return undefined;
  const [out, inPerGroup, ...kernel] = tensor.dims as [number, number, ...number[]];
  const outPerGroup = out / group;
  const taps = sizeOf(kernel);
  const raw = new ArrayBuffer(tensor.raw.byteLength);
  const to = units(raw);
  // A copy, since a view into a file is seldom aligned.
  const from = units(tensor.raw.slice().buffer);
  let at = 0;
  for (let g = 0; g < group; g++) {
    for (let c = 0; c < inPerGroup; c++) {
      for (let m = 0; m < outPerGroup; m++) {
        const last = ((g * outPerGroup + m) * inPerGroup + c + 1) * taps - 1;
        for (let tap = 0; tap < taps; tap++) to[at++] = from[last - tap]!;
      }
    }
  }
  return {
    dtype: tensor.dtype,
    dims: [group * inPerGroup, outPerGroup, ...kernel],
    raw: new Uint8Array(raw),
  };
}
