import { assert } from "../../core/assert.ts";
import { int } from "../attributes.ts";
import { floatTensor } from "../floats.ts";
import type { GraphNode } from "../model.ts";
import { tensorOf } from "../tensor.ts";
import type { Form } from "./form.ts";
import { UINT4_CENTRED, UINT8_CENTRED, roundGroup } from "./rounding.ts";

/** Weights that share a scale. ONNX Runtime wants a power of two from 16 on; 32 is what its kernels are made for. */
export const BLOCK = 32;

const RANGES = { 4: UINT4_CENTRED, 8: UINT8_CENTRED } as const;

/**
 * com.microsoft MatMulNBits: a product with a weight of 4 or 8 bits in blocks of 32 along the inputs, expanded inside
 * the kernel. Stored as [N, K/32, bytes of a block], unsigned around the middle of the range. `accuracy_level` is left
 * at 0: level 4 would quantize the activations too.
 */
export const matMulNBits =
  (bits: 4 | 8): Form =>
  ({ name, tensor, linear, consumers }, values, { fresh }) => {
    assert(linear, `${name} is not the weight of a plain product`);
    const [rows, columns] = tensor.dims as [number, number];
    const [k, n] = linear.transposed ? [columns, rows] : [rows, columns];
    const blocks = Math.ceil(k / BLOCK);
    const weights = linear.transposed ? values : transposed(values, k, n); // [N, K]
    const { packed, scales } = quantizeBlocks(weights, n, k, bits);
    const [data, scale] = [fresh(`${name}_int${bits}`), fresh(`${name}_scale`)];

    const replace = (node: GraphNode): readonly GraphNode[] => {
      const product = linear.bias ? fresh(`${node.outputs[0]!}_product`) : node.outputs[0]!;
      const attributes = { K: k, N: n, bits, block_size: BLOCK, accuracy_level: 0 };
      return [
        {
          name: fresh(`${node.name || node.outputs[0]!}/MatMulNBits`),
          op: "MatMulNBits",
          domain: "com.microsoft",
          inputs: [node.inputs[0]!, data, scale],
          outputs: [product],
          attributes: new Map(Object.entries(attributes).map(([key, value]) => [key, int(value)])),
        },
        ...(linear.bias ? [addNode(fresh(`${node.name || product}/Add`), product, linear.bias, node)] : []),
      ];
    };
    return {
      initializers: new Map([
        [data, { dtype: "uint8", dims: [n, blocks, (BLOCK * bits) / 8], raw: packed }],
        [
          scale,
          tensor.dtype === "float64" || tensor.dtype === "bfloat16"
            ? tensorOf(tensor.dtype, [n * blocks], scales)
            : floatTensor(tensor.dtype as "float32" | "float16", [n * blocks], scales),
        ],
      ]),
      prologue: [],
      consumers: new Map(consumers.map((node) => [node, replace(node)])),
    };
  };

function addNode(name: string, product: string, bias: string, { outputs }: GraphNode): GraphNode {
  return { name, op: "Add", domain: "", inputs: [product, bias], outputs, attributes: new Map() };
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = values[r * columns + c]!;
  }
  return result;
}

/** Codes of [N, K] in blocks of each row; 4-bit codes lie two to a byte, the first in the low half. */
function quantizeBlocks(
  weights: Float32Array,
  n: number,
  k: number,
  bits: 4 | 8,
): { packed: Uint8Array; scales: Float32Array } {
  const blocks = Math.ceil(k / BLOCK);
  const middle = 1 << (bits - 1);
  const scales = new Float32Array(n * blocks);
  const packed = new Uint8Array((n * blocks * BLOCK * bits) / 8).fill(bits === 4 ? 0x88 : 0x80);
  const codes = new Int8Array(weights.length);
  for (let row = 0; row < n; row++) {
    for (let block = 0; block < blocks; block++) {
      const start = row * k + block * BLOCK;
      const inner = Math.min(BLOCK, k - block * BLOCK);
      const at = row * blocks + block;
      scales[at] = roundGroup(weights, { start, outer: 1, stride: 0, inner }, RANGES[bits], codes);
      for (let i = 0; i < inner; i++) {
        const code = codes[start + i]! + middle;
        if (bits === 8) packed[at * BLOCK + i] = code;
        else {
          const byte = (at * BLOCK + i) >> 1;
          packed[byte] = i & 1 ? (packed[byte]! & 0x0f) | (code << 4) : (packed[byte]! & 0xf0) | code;
        }
      }
    }
  }
  return { packed, scales };
}
