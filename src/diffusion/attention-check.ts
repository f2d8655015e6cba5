import { createRng } from "../core/rng.ts";
import type { Gpu } from "../gpu/device.ts";
import { float, int } from "../onnx/attributes.ts";
import { createBuilder } from "../onnx/builder.ts";
import type { Model } from "../onnx/model.ts";
import { sizeOf, tensorOf } from "../onnx/tensor.ts";
import { writeModel } from "../onnx/write.ts";
import { createSession } from "./session.ts";
import type { CpuFeed } from "./session.ts";

/** What a fused attention's kernel depends on. */
export interface AttentionForm {
  readonly dtype: "float32" | "float16";
  readonly heads: number;
  /** Of one head. */
  readonly width: number;
  readonly masked: boolean;
}

/** Rows and keys of the check: more than a tile of 32 and no multiple of it. The kernel is right below 32. */
const [BATCH, QUERIES, KEYS] = [2, 72, 77];

/** ‖error‖ / ‖result‖ of a right kernel is 2e-6 in single precision; of a wrong one 0.6 and more. */
const TOLERANCE = { float32: 1e-4, float16: 1e-2 };

const checked = new WeakMap<GPUDevice, Map<string, Promise<boolean>>>();

/**
 * Whether ONNX Runtime's MultiHeadAttention computes on this device what it should. Which of its kernels runs depends on the adapter
 * and its features, and not all are right everywhere: with subgroups of 4 lanes results are off by 60 % and more. Each
 * form is checked once a device.
 */
export function attentionIsRight(gpu: Gpu, form: AttentionForm): Promise<boolean> {
  const results = checked.get(gpu.device) ?? new Map<string, Promise<boolean>>();
  checked.set(gpu.device, results);
  const key = Object.values(form).join();
  const known = results.get(key);
  if (known) return known;
  const result = attentionError(gpu, form).then(
    (error) => error < TOLERANCE[form.dtype], // false for NaN
    () => false, // what cannot be run cannot be used
  );
  results.set(key, result);
  return result;
}

/** How far one attention on the GPU is from the same in float64. */
export async function attentionError(gpu: Gpu, form: AttentionForm): Promise<number> {
  const rng = createRng("attention");
  const draw = (length: number): CpuFeed => {
    const dims = [BATCH, length, form.heads * form.width];
    return { dims, data: Float32Array.from({ length: sizeOf(dims) }, () => rng.normal()) };
  };
  const feeds = { query: draw(QUERIES), key: draw(KEYS), value: draw(KEYS) };
  const session = await createSession(writeModel(attentionModel(form)), {
    name: "the check of attention",
    provider: "webgpu",
    gpu,
  });
  try {
    const { cpu } = await session.run(feeds);
    return relativeError(cpu["mixed"]!.data, attention(form, feeds));
  } finally {
    await session.dispose();
  }
}

/** One node: query [N, S, H·d], key and value [N, L, H·d], and where masked a bias [1, 1, S, L] as of a text encoder. */
function attentionModel({ dtype, heads, width, masked }: AttentionForm): Model {
  const b = createBuilder({
    irVersion: 8,
    producer: "splatsmith",
    opsets: new Map([
      ["", 17],
      ["com.microsoft", 1],
    ]),
    metadata: new Map(),
    graph: {
      name: "attention",
      nodes: [],
      initializers: new Map(),
      inputs: [],
      outputs: [],
      values: new Map(),
    },
  });
  const of = (name: string, length: number) => b.input({ name, dtype, dims: [BATCH, length, heads * width] });
  const inputs = [of("query", QUERIES), of("key", KEYS), of("value", KEYS)];
  if (masked) inputs.push("", "", b.constant(tensorOf(dtype, [1, 1, QUERIES, KEYS], causalMask(dtype))));
  b.emit(
    "MultiHeadAttention",
    inputs,
    { num_heads: int(heads), scale: float(1 / Math.sqrt(width)) },
    { domain: "com.microsoft", outputs: ["mixed"] },
  );
  return b.finish(["mixed"]);
}

const LOWEST = { float32: -3.4028234663852886e38, float16: -65504 };

/** Hides the keys behind each query, as exporters write it: with the lowest number of the type. */
const causalMask = (dtype: AttentionForm["dtype"]): number[] =>
  Array.from({ length: QUERIES * KEYS }, (_, i) => (i % KEYS > Math.floor(i / KEYS) ? LOWEST[dtype] : 0));

/** The definition, Vaswani et al. 2017, eq. 1, in float64. */
function attention(
  { heads, width, masked }: AttentionForm,
  { query, key, value }: Readonly<Record<"query" | "key" | "value", CpuFeed>>,
): Float64Array {
  const row = heads * width;
  const mixed = new Float64Array(BATCH * QUERIES * row);
  const weights = new Float64Array(KEYS);
  for (let n = 0; n < BATCH; n++)
    for (let h = 0; h < heads; h++)
      for (let s = 0; s < QUERIES; s++) {
        const to = (n * QUERIES + s) * row + h * width;
        const keys = masked ? s + 1 : KEYS;
        let sum = 0;
        for (let l = 0; l < keys; l++) {
          const from = (n * KEYS + l) * row + h * width;
          let score = 0;
          for (let d = 0; d < width; d++) score += query.data[to + d]! * key.data[from + d]!;
          sum += weights[l] = Math.exp(score / Math.sqrt(width));
        }
        for (let l = 0; l < keys; l++) {
          const from = (n * KEYS + l) * row + h * width;
          for (let d = 0; d < width; d++) mixed[to + d]! += (weights[l]! / sum) * value.data[from + d]!;
        }
      }
  return mixed;
}

/** ‖a − b‖ / ‖b‖ */
function relativeError(a: Float32Array, b: Float64Array): number {
  let [difference, norm] = [0, 0];
  for (const [i, value] of b.entries()) {
    difference += (a[i]! - value) ** 2;
    norm += value ** 2;
  }
  return Math.sqrt(difference / norm);
}
