/**
 * ONNX Runtime behind one function. Nothing outside this file and its folder knows the library.
 *
 * What it guards against, each known to cost days: concurrent sessions corrupt each other (one lock for all), a
 * failed run leaves its session broken (poisoned here, with a clear error), a lost device leaves a run pending
 * (raced), inputs are read until a run settles (never reuse a buffer before).
 */
import { assert } from "../core/assert.ts";
import { DeviceLostError, type Gpu } from "../gpu/device.ts";
import { unlessLost } from "../gpu/waiting.ts";
import { SessionError, describeFailure } from "./session/failures.ts";
import { exclusive } from "./session/lock.ts";
import { loadRuntime } from "./session/runtime.ts";
import type { OrtModule, Provider } from "./session/runtime.ts";
import { decodeElements, encodeElements, isDType } from "./session/tensors.ts";
import type { DType } from "./session/tensors.ts";

export { SessionError } from "./session/failures.ts";
export type { FailureKind } from "./session/failures.ts";
export { configureRuntime } from "./session/runtime.ts";
export type { Provider } from "./session/runtime.ts";
export type { DType } from "./session/tensors.ts";

/** An input or output as the graph declares it; symbolic dimensions keep their name. */
export interface SessionPort {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly (number | string)[];
}

/** Numbers are converted to the element type the input declares; integers are rounded. */
export interface CpuFeed {
  readonly data: ArrayLike<number>;
  readonly dims: readonly number[];
}
/** A storage buffer on the session's device, in the input's element type. Borrowed until `run` settles. */
export interface GpuFeed {
  readonly buffer: GPUBuffer;
  readonly dims: readonly number[];
}
export type Feed = CpuFeed | GpuFeed;

export interface CpuOutput {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}
/** `buffer` may be larger than `dims` say, and goes back to ONNX Runtime with `dispose`. */
export interface GpuOutput {
  readonly buffer: GPUBuffer;
  readonly dtype: DType;
  readonly dims: readonly number[];
  dispose(): void;
}
export interface Outputs {
  /** By name; exactly those that `gpuOutputs` did not name. */
  readonly cpu: Readonly<Record<string, CpuOutput>>;
  readonly gpu: Readonly<Record<string, GpuOutput>>;
}

export interface Session {
  readonly provider: Provider;
  readonly inputs: readonly SessionPort[];
  readonly outputs: readonly SessionPort[];
  /** Every declared input has to be fed. Runs of all sessions queue up behind one another. */
  run(feeds: Readonly<Record<string, Feed>>): Promise<Outputs>;
  dispose(): Promise<void>;
}

export interface SessionOptions {
  /** For error messages: the part of the model, e.g. "unet". */
  readonly name: string;
  readonly provider: Provider;
  /** Shared with the rest of the app, so that buffers pass without a copy. Needed for `webgpu`. */
  readonly gpu?: Gpu | undefined;
  /** Values for symbolic dimensions, by symbol. Fixed shapes fold away most of an exported graph. */
  readonly freeDimensionOverrides?: Readonly<Record<string, number>>;
  /** Outputs that stay on the GPU. */
  readonly gpuOutputs?: readonly string[];
  /** Files the model refers to, by the location written in it. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array | Blob }[];
}

/**
 * Quantized weights of models up to this size are expanded to float32 while loading (four times as large): on wasm a
 * UNet then runs twice as fast as when it expands them in every run, and no kernel rounds activations to int8.
 */
const EXPAND_QUANTIZED_BELOW_BYTES = 128 << 20;

/** Throws a `SessionError` that says in words why a model does not load. */
export async function createSession(model: Uint8Array | Blob, options: SessionOptions): Promise<Session> {
  const { name, provider } = options;
  assert(provider === "wasm" || options.gpu, `session ${name}: the webgpu provider needs a GPU`);
  assert(provider === "webgpu" || !options.gpuOutputs?.length, `session ${name}: wasm has no GPU outputs`);
  const gpu = provider === "webgpu" ? options.gpu : undefined;
  try {
    const ort = await loadRuntime(provider);
    const bytes = model instanceof Blob ? new Uint8Array(await model.arrayBuffer()) : model;
    const inference = await exclusive(() =>
      onGpu(gpu, () => ort.InferenceSession.create(bytes, sessionOptions(options, sizeOf(bytes, options)))),
    );
    return wrap(ort, inference, options, gpu);
  } catch (cause) {
    throw describeFailure(`Loading ${name}`, cause);
  }
}

/**
 * Work on a device that may go: nothing is begun on one that is gone, and what is pending when it goes is given up. The
 * device refuses memory behind ONNX Runtime's back, which then computes on with nothing; the work fails here instead.
 */
async function onGpu<T>(gpu: Gpu | undefined, work: () => Promise<T>): Promise<T> {
  if (!gpu) return work();
  await unlessLost(gpu, Promise.resolve());
  let refusal: GPUError | undefined;
  const hear = ({ error }: GPUUncapturedErrorEvent): void => {
    if (error instanceof GPUOutOfMemoryError) refusal = error;
  };
  gpu.device.addEventListener("uncapturederror", hear);
  try {
    const running = work();
    const result = await unlessLost(gpu, running).catch(async (error: unknown) => {
      await Promise.race([running.catch(() => undefined), timeout(LET_GO)]);
      throw error;
    });
    if (refusal) throw new Error(`out of memory: ${refusal.message}`);
    return result;
  } finally {
    gpu.device.removeEventListener("uncapturederror", hear);
  }
}

/**
 * ONNX Runtime finds out about a lost device by itself, a moment later, and is in the middle of its work until then: a
 * session that is made or released meanwhile would share its stack. Milliseconds, should it never find out.
 */
const LET_GO = 5000;

const timeout = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Bytes of the graph and of the weights beside it. */
const sizeOf = (bytes: Uint8Array, { externalData = [] }: SessionOptions): number =>
  externalData.reduce(
    (sum, { data }) => sum + (data instanceof Blob ? data.size : data.byteLength),
    bytes.byteLength,
  );

type Inference = Awaited<ReturnType<OrtModule["InferenceSession"]["create"]>>;
type InferenceOptions = NonNullable<Parameters<OrtModule["InferenceSession"]["create"]>[1]>;

function sessionOptions(options: SessionOptions, bytes: number): InferenceOptions {
  const { provider, gpu, freeDimensionOverrides, gpuOutputs = [], externalData } = options;
  return {
    // The device goes in here; `env.webgpu.device` is ignored by this version.
    executionProviders: [
      provider === "wasm"
        ? "wasm"
        : ({ name: "webgpu", device: gpu!.device, storageBufferCacheMode: "simple" } as { name: "webgpu" }),
    ],
    ...(freeDimensionOverrides && { freeDimensionOverrides }),
    ...(externalData && { externalData }),
    ...(gpuOutputs.length > 0 && {
      preferredOutputLocation: Object.fromEntries(
        gpuOutputs.map((output) => [output, "gpu-buffer" as const]),
      ),
    }),
    logSeverityLevel: 3, // errors; a warning for every node that runs on the CPU helps nobody
    extra: { session: { disable_quant_qdq: bytes < EXPAND_QUANTIZED_BELOW_BYTES ? "1" : "0" } },
  };
}

function wrap(
  ort: OrtModule,
  inference: Inference,
  { name, provider }: SessionOptions,
  gpu: Gpu | undefined,
): Session {
  const inputs = inference.inputMetadata.map((meta) => port(name, meta));
  const outputs = inference.outputMetadata.map((meta) => port(name, meta));
  /** Why the session can no longer be used. */
  let broken: unknown;

  const toTensor = (input: SessionPort, feed: Feed | undefined) => {
    assert(feed, `session ${name}: input ${input.name} was not fed`);
    const dims = [...feed.dims];
    if ("buffer" in feed) {
      return ort.Tensor.fromGpuBuffer(feed.buffer, { dataType: input.dtype, dims });
    }
    const bits = encodeElements(`session ${name}: ${input.name}`, input.dtype, feed.data, dims);
    return new ort.Tensor(input.dtype, bits as Float32Array, dims);
  };

  return {
    provider,
    inputs,
    outputs,
    async run(feeds) {
      const tensors = Object.fromEntries(
        inputs.map((input) => [input.name, toTensor(input, feeds[input.name])]),
      );
      return exclusive(async () => {
        if (broken instanceof DeviceLostError) throw broken;
        if (broken) {
          throw new SessionError(
            "other",
            `${name} failed before and cannot go on.`,
            "Load the model again.",
            {
              cause: broken,
            },
          );
        }
        try {
          const results = await onGpu(gpu, () => inference.run(tensors));
          return collect(outputs, results);
        } catch (cause) {
          broken = cause;
          throw describeFailure(`Running ${name}`, cause);
        }
      });
    },
    dispose: () =>
      exclusive(async () => {
        if (broken === DISPOSED) return;
        broken = DISPOSED;
        await inference.release();
      }),
  };
}

const DISPOSED = new Error("the session was disposed");

function port(session: string, meta: Inference["inputMetadata"][number]): SessionPort {
  assert(meta.isTensor && isDType(meta.type), `session ${session}: ${meta.name} is not a tensor of numbers`);
  return { name: meta.name, dtype: meta.type, dims: meta.shape };
}

function collect(ports: readonly SessionPort[], results: Awaited<ReturnType<Inference["run"]>>): Outputs {
  const cpu: Record<string, CpuOutput> = {};
  const gpu: Record<string, GpuOutput> = {};
  for (const { name } of ports) {
    const tensor = results[name]!;
    if (tensor.location === "gpu-buffer") {
      const { dims, type } = tensor;
      gpu[name] = { buffer: tensor.gpuBuffer, dtype: type as DType, dims, dispose: () => tensor.dispose() };
    } else {
      cpu[name] = { data: decodeElements(name, tensor.type, tensor.data), dims: tensor.dims };
    }
  }
  return { cpu, gpu };
}
