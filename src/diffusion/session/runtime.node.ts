/** ONNX Runtime's web builds in Node, where their own way to find the wasm file, fetching it, does not work. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { nodeGpu } from "../../gpu/device.node.ts";
import { buildFor, configureRuntime, threadsFor } from "./runtime.ts";
import type { OrtModule, Provider } from "./runtime.ts";

const WEBGPU_BUILDS = {
  jspi: { load: () => import("onnxruntime-web/jspi"), file: "ort-wasm-simd-threaded.jspi.wasm" },
  asyncify: { load: () => import("onnxruntime-web/webgpu"), file: "ort-wasm-simd-threaded.asyncify.wasm" },
} as const;

async function load(provider: Provider, threads: number): Promise<OrtModule> {
  const build = buildFor(provider);
  if (build === "wasm") {
    // In Node the default entry is the plain wasm build, with threads as worker_threads.
    const ort = await import("onnxruntime-web");
    ort.env.wasm.numThreads = threads;
    return ort;
  }
  provideNavigatorGpu();
  const { load: module, file } = WEBGPU_BUILDS[build];
  const [ort, bytes] = await Promise.all([
    module(),
    readFile(createRequire(import.meta.url).resolve(`onnxruntime-web/${file}`)),
  ]);
  ort.env.wasm.wasmBinary = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  // Only the few operators without a GPU kernel run on the CPU, and this build cannot start threads in Node.
  ort.env.wasm.numThreads = 1;
  return ort;
}

/** ONNX Runtime asks `navigator.gpu` whether there is WebGPU at all, though it is handed a device of ours. */
function provideNavigatorGpu(): void {
  globalThis.navigator ??= {} as Navigator;
  if (!navigator.gpu) Object.defineProperty(navigator, "gpu", { value: nodeGpu(), configurable: true });
}

/**
 * Makes sessions work in Node. Call once, before the first session. SPLATSMITH_THREADS limits the threads of a session,
 * for processes that share the cores.
 */
export function useNodeRuntime(): void {
  const threads = Number(process.env["SPLATSMITH_THREADS"]) || threadsFor(availableParallelism());
  configureRuntime((provider) => load(provider, threads));
}
