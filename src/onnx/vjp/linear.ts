import { getFloat, getInt, int, text } from "../attributes.ts";
import { einsumTerms } from "../infer/linear.ts";
import type { Ops } from "../ops.ts";
import { sizeOf } from "../tensor.ts";
import type { VjpRule, VjpTable } from "./rule.ts";
import { inFloat32, unbroadcast, unsupported } from "./rule.ts";

/** Swaps the last two axes. */
export function transposeMatrix(b: Ops, x: string): string {
  const rank = b.dims(x).length;
  const axes = b.dims(x).map((_, axis) => axis);
  return b.transpose(x, [...axes.slice(0, -2), rank - 1, rank - 2]);
}

/**
 * C = A·B: v·Bᵀ and Aᵀ·v, summed over broadcast batch axes. A weight matrix B is read through Gemm's transposition,
 * so that no transposed copy of it exists.
 */
const matMul: VjpRule = ({ b, v: vOut, inputs }) => {
  const [a, w] = inputs as [string, string];
  const [aDims, wDims] = [b.dims(a), b.dims(w)];
  // Vectors are matrices with a row or a column.
  const matrixA = aDims.length === 1 ? [1, ...aDims] : aDims;
  const matrixW = wDims.length === 1 ? [...wDims, 1] : wDims;
  const rows = matrixA.at(-2)!;
  const columns = matrixW.at(-1)!;
  const out = b.dims(vOut);
  const batch = out.slice(0, out.length - Number(aDims.length > 1) - Number(wDims.length > 1));
  const v = b.reshape(vOut, [...batch, rows, columns]);
  return [
    () => {
      if (matrixW.length > 2) {
        const vA = b.matMul(v, transposeMatrix(b, w));
        return b.reshape(unbroadcast(b, vA, matrixA), aDims);
      }
      const flat = b.reshape(v, [sizeOf(batch) * rows, columns]);
      return b.reshape(b.emit("Gemm", [flat, b.reshape(w, matrixW)], { transB: int(1) }), aDims);
    },
    () => {
      const vW = b.matMul(transposeMatrix(b, b.reshape(a, matrixA)), v);
      return b.reshape(unbroadcast(b, vW, matrixW), wDims);
    },
  ];
};

/** Y = α·op(A)·op(B) + β·C with op a transposition or nothing. */
const gemm: VjpRule = ({ b, v, node, inputs }) => {
  const [a, w, c] = inputs as [string, string, string | undefined];
  const alpha = { alpha: { kind: "float", value: getFloat(node, "alpha") ?? 1 } } as const;
  const transA = getInt(node, "transA") ?? 0;
  const transB = getInt(node, "transB") ?? 0;
  return [
    () =>
      transA
        ? b.emit("Gemm", [w, v], { ...alpha, transA: int(transB), transB: int(1) })
        : b.emit("Gemm", [v, w], { ...alpha, transB: int(1 - transB) }),
    () =>
      transB
        ? b.emit("Gemm", [v, a], { ...alpha, transA: int(1), transB: int(transA) })
        : b.emit("Gemm", [a, v], { ...alpha, transA: int(1 - transA) }),
    c ? () => b.scale(unbroadcast(b, v, b.dims(c)), getFloat(node, "beta") ?? 1) : undefined,
  ];
};

/** Exchanges the output's letters with one operand's; letters that were summed in that operand alone would be lost. */
const einsum: VjpRule = ({ b, v, node, inputs }) => {
  const { inputs: terms, output } = einsumTerms(node);
  return inputs.map((_, i) => () => {
    const others = inputs.flatMap((name, j) => (j === i ? [] : [{ name, term: terms[j]! }]));
    const available = output + others.map(({ term }) => term).join("");
    const term = terms[i]!;
    if (new Set(term).size !== term.length || [...term].some((letter) => !available.includes(letter))) {
      throw unsupported(node, "no gradient for diagonals and for letters summed in one operand alone");
    }
    const equation = `${[output, ...others.map((other) => other.term)].join(",")}->${term}`;
    return b.emit("Einsum", [v, ...others.map(({ name }) => name)], { equation: text(equation) });
  });
};

/** p = softmax(x): p (v − Σ v p). Before operator set 13 it normalises over `axis` and all that follow. */
const softmax: VjpRule = ({ b, v, node, outputs }) => {
  const p = outputs[0]!;
  const rank = b.dims(p).length;
  const axis = getInt(node, "axis") ?? (b.opset < 13 ? 1 : -1);
  const first = axis < 0 ? axis + rank : axis;
  const axes = b.opset < 13 ? Array.from({ length: rank - first }, (_, i) => first + i) : [first];
  const formula = (v32: string, p32: string): string =>
    b.mul(p32, b.sub(v32, b.reduceSum(b.mul(v32, p32), axes)));
  return [() => inFloat32(b, [v, p], (v32, p32) => formula(v32!, p32!))];
};

/** Matrix products and the softmax between those of attention. */
export const linear: VjpTable = { MatMul: matMul, Gemm: gemm, Einsum: einsum, Softmax: softmax };
