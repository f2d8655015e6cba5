import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as Ort from "onnxruntime-web";
import { nodeGpu } from "../../gpu/device.node.ts";
import { DTYPES } from "../dtype.ts";
import type { Model } from "../model.ts";
import { sizeOf } from "../tensor.ts";
import { writeModel } from "../write.ts";

export interface Feed {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}
export interface Result {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}
export type Run = (feeds: Readonly<Record<string, Feed>>) => Promise<Record<string, Result>>;

/**
 * A model loaded into onnxruntime's CPU provider (or, given a device, into its WebGPU provider, refusing any fallback).
 * The optimiser is off by default: some of its CPU fusions of quantised weights compute in int8.
 */
export async function load(
  model: Model,
  { device, optimise = false }: { device?: GPUDevice; optimise?: boolean } = {},
): Promise<{ run: Run; release: () => Promise<void> }> {
  const ort = await runtime(device !== undefined);
  const session = await ort.InferenceSession.create(writeModel(model), {
    executionProviders: device
      ? [{ name: "webgpu", device } as Ort.InferenceSession.ExecutionProviderConfig]
      : ["wasm"],
    graphOptimizationLevel: optimise ? "all" : "disabled",
    logSeverityLevel: 3,
    ...(device && { extra: { session: { disable_cpu_ep_fallback: "1" } } }),
  });
  const types = new Map(model.graph.inputs.map(({ name, dtype }) => [name, dtype]));
  const run: Run = async (feeds) => {
    const tensors = Object.entries(feeds).map(
      ([name, feed]) => [name, toOrt(ort, types.get(name)!, feed)] as const,
    );
    const results = await session.run(Object.fromEntries(tensors));
    return Object.fromEntries(
      await Promise.all(
        Object.entries(results).map(async ([name, value]) => [name, await fromOrt(value)] as const),
      ),
    );
  };
  return { run, release: () => session.release() };
}

/** Runs a model once on the CPU. */
export async function runModel(
  model: Model,
  feeds: Readonly<Record<string, Feed>>,
): Promise<Record<string, Result>> {
  const { run, release } = await load(model);
  try {
    return await run(feeds);
  } finally {
    await release();
  }
}

/** The WebGPU build would fetch its wasm, which Node does not do for file: addresses, and looks for `navigator.gpu`. */
async function runtime(webgpu: boolean): Promise<typeof Ort> {
  const ort: typeof Ort = webgpu ? await import("onnxruntime-web/webgpu") : await import("onnxruntime-web");
  ort.env.wasm.numThreads = 1;
  if (webgpu) {
    const wasm = createRequire(import.meta.url).resolve(
      "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm",
    );
    ort.env.wasm.wasmBinary ??= readFileSync(wasm).buffer as ArrayBuffer;
    globalThis.navigator ??= {} as Navigator;
    if (!navigator.gpu) Object.defineProperty(navigator, "gpu", { value: nodeGpu(), configurable: true });
  }
  return ort;
}

function toOrt(ort: typeof Ort, dtype: string, { dims, data }: Feed): Ort.Tensor {
  const { set, bits } = DTYPES[dtype as keyof typeof DTYPES];
  const raw = new ArrayBuffer((sizeOf(dims) * bits) / 8);
  const view = new DataView(raw);
  for (let i = 0; i < data.length; i++) set!(view, (i * bits) / 8, data[i]!);
  const arrays: Record<string, () => Ort.Tensor.DataType> = {
    float32: () => new Float32Array(raw),
    float64: () => new Float64Array(raw),
    float16: () => new Uint16Array(raw),
    int64: () => new BigInt64Array(raw),
    int32: () => new Int32Array(raw),
    bool: () => new Uint8Array(raw),
  };
  return new ort.Tensor(dtype as Ort.Tensor.Type, arrays[dtype]!() as never, [...dims]);
}

async function fromOrt(tensor: Ort.Tensor): Promise<Result> {
  const data = await tensor.getData();
  const view = new DataView((data as Float32Array).buffer, (data as Float32Array).byteOffset);
  const { get, bits } = DTYPES[tensor.type as keyof typeof DTYPES];
  return {
    dims: tensor.dims,
    data: Float64Array.from({ length: sizeOf(tensor.dims) }, (_, i) => get!(view, (i * bits) / 8)),
  };
}
