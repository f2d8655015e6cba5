import type * as Ort from "onnxruntime-web/wasm";

export type OrtModule = typeof Ort;

/** Where a session computes. */
export type Provider = "webgpu" | "wasm";

/** Brings in the build of ONNX Runtime for a provider, its `env` set up for where we run. */
export type RuntimeLoader = (provider: Provider) => Promise<OrtModule>;

interface Build {
  readonly module: () => Promise<OrtModule>;
  readonly wasmUrl: () => Promise<{ readonly default: string }>;
}

/**
 * Never the package's default entry: in a browser it is the older WebGPU implementation, silently wrong in places.
 * `asyncify` instruments every function of the wasm file, which makes its CPU kernels two to four times slower, so
 * wasm sessions get the plain build even where WebGPU sessions run beside them.
 */
const BUILDS = {
  wasm: {
    module: () => import("onnxruntime-web/wasm"),
    wasmUrl: () => import("onnxruntime-web/ort-wasm-simd-threaded.wasm?url"),
  },
  jspi: {
    module: () => import("onnxruntime-web/jspi"),
    wasmUrl: () => import("onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url"),
  },
  asyncify: {
    module: () => import("onnxruntime-web/webgpu"),
    wasmUrl: () => import("onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url"),
  },
} satisfies Record<string, Build>;
export type BuildName = keyof typeof BUILDS;

/** Promise integration where the engine has it, a rewritten stack elsewhere. */
export const buildFor = (provider: Provider): BuildName =>
  provider === "wasm" ? "wasm" : "Suspending" in WebAssembly ? "jspi" : "asyncify";

/** More threads gain little on models of this kind and take cores from the rest of the app. */
export const threadsFor = (cores: number): number => Math.max(1, Math.min(4, cores));

async function loadInBrowser(provider: Provider): Promise<OrtModule> {
  const build = BUILDS[buildFor(provider)];
  const [ort, { default: url }] = await Promise.all([build.module(), build.wasmUrl()]);
  ort.env.wasm.wasmPaths = { wasm: new URL(url, self.location.href).href };
  ort.env.wasm.numThreads = self.crossOriginIsolated ? threadsFor(navigator.hardwareConcurrency) : 1;
  return ort;
}

let loader: RuntimeLoader = loadInBrowser;
const loaded = new Map<Provider, Promise<OrtModule>>();

/** Replaces how ONNX Runtime is found, before the first session. Node's entry points call it. */
export function configureRuntime(load: RuntimeLoader): void {
  loader = load;
  loaded.clear();
}

export function loadRuntime(provider: Provider): Promise<OrtModule> {
  let module = loaded.get(provider);
  if (!module) {
    module = loader(provider).then((ort) => {
      ort.env.logLevel = "error";
      return ort;
    });
    loaded.set(provider, module);
    // A failed download may be tried again.
    module.catch(() => loaded.delete(provider));
  }
  return module;
}
