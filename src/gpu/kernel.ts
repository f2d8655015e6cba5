/** Compute kernels as data, checked against their WGSL, compiled once per device. */
import { assert } from "../core/assert.ts";
import type { Gpu } from "./device.ts";
import { layoutOf } from "./uniforms.ts";
import { describeMessage, loadShader } from "./wgsl.ts";
import type { ShaderSource } from "./wgsl.ts";
import { evaluate } from "./wgsl-constants.ts";
import type { Constants } from "./wgsl-constants.ts";
import { reflect } from "./wgsl-reflect.ts";
import type { Binding, Reflection } from "./wgsl-reflect.ts";

/** "write" is declared `read_write` in WGSL; it says that nothing of the old content matters. */
export type Access = "uniform" | "read" | "write" | "read_write";
export type BindingSpec = Readonly<Record<string, Access>>;

export interface KernelSpec<B extends BindingSpec> {
  /** `raster/project` is shaders/raster/project.wgsl, and the label in errors and timings. */
  readonly name: string;
  /** In the order of their WGSL declarations. */
  readonly bindings: B;
  /** Values of the shader's `override` constants. */
  readonly constants?: Constants;
}

export interface Kernel<B extends BindingSpec = BindingSpec> {
  readonly name: string;
  readonly bindings: B;
  readonly declared: readonly Binding[];
  readonly reflection: Reflection;
  /** `const` and `override` values by name, this kernel's own overrides included. */
  readonly constants: Constants;
  readonly overrides: Constants;
  /** Invocations per workgroup. */
  readonly workgroupSize: number;
  readonly source: ShaderSource;
}

/** What WebGPU guarantees to every stage; passes that need more would not run everywhere. */
const MAX_STORAGE_BUFFERS = 8;

/** Throws when the shader is not as declared: names, order or access of its bindings, unknown constants. */
export const defineKernel = <const B extends BindingSpec>(spec: KernelSpec<B>): Kernel<B> =>
  kernelFrom(spec, loadShader(spec.name));

/** As `defineKernel`, for a shader that is not a file. */
export function kernelFrom<const B extends BindingSpec>(
  spec: KernelSpec<B>,
  source: ShaderSource,
): Kernel<B> {
  const { name, bindings } = spec;
  const overrides = spec.constants ?? {};
  const reflection = reflect(source.code);
  const declared = [...reflection.bindings].sort((a, b) => a.binding - b.binding);
  checkBindings(name, bindings, declared);
  for (const constant of Object.keys(overrides)) {
    assert(reflection.overrides.includes(constant), `${name}.wgsl has no override "${constant}"`);
  }
  const constants = { ...reflection.constants, ...overrides };
  assert(reflection.workgroupSize, `${name}.wgsl has no compute entry point`);
  const sizes = reflection.workgroupSize.map((size) => evaluate(size, constants));
  const workgroupSize = sizes.reduce<number>((product, size) => product * (size ?? NaN), 1);
  assert(workgroupSize > 0, `${name}.wgsl: unknown workgroup size (${reflection.workgroupSize.join(", ")})`);
  return { name, bindings, declared, reflection, constants, overrides, workgroupSize, source };
}

function checkBindings(name: string, spec: BindingSpec, declared: readonly Binding[]): void {
  const write = (entries: readonly (readonly [string, string])[]): string =>
    entries.map(([binding, access]) => `${binding}: ${access}`).join(", ");
  const expected = write(
    Object.entries(spec).map(([binding, access]) => [binding, access === "write" ? "read_write" : access]),
  );
  const actual = write(declared.map(({ name: binding, kind }) => [binding, kind]));
  assert(expected === actual, `${name}: declared { ${expected} }, the shader has { ${actual} }`);
  declared.forEach(({ group, binding, name: own }, i) =>
    assert(group === 0 && binding === i, `${name}: ${own} should be @group(0) @binding(${i})`),
  );
  const storage = declared.filter(({ kind }) => kind !== "uniform").length;
  assert(
    storage <= MAX_STORAGE_BUFFERS,
    `${name}: ${storage} storage buffers, at most ${MAX_STORAGE_BUFFERS}`,
  );
}

interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const compiled = new WeakMap<GPUDevice, Map<Kernel, Compiled>>();

function cacheOf(gpu: Gpu): Map<Kernel, Compiled> {
  let cache = compiled.get(gpu.device);
  if (!cache) compiled.set(gpu.device, (cache = new Map()));
  return cache;
}

/** Compiles ahead of use, all at once and off the thread. Throws the compiler's messages. */
export async function compileKernels(gpu: Gpu, kernels: readonly Kernel[]): Promise<void> {
  const cache = cacheOf(gpu);
  const compile = async (kernel: Kernel): Promise<void> => {
    if (cache.has(kernel)) return;
    const { layout, descriptor, module } = describePipeline(gpu, kernel);
    try {
      const pipeline = await gpu.device.createComputePipelineAsync(descriptor);
      cache.set(kernel, { pipeline, layout });
    } catch (error) {
      throw await compilationError(kernel, module, error);
    }
  };
  gpu.device.pushErrorScope("validation");
  const pending = Promise.all(kernels.map(compile));
  // A scope that cannot be popped means a lost device, and then the kernels fail too.
  const scope = gpu.device.popErrorScope().catch(() => null);
  await pending;
  const error = await scope;
  if (error) throw new Error(error.message);
}

/** The kernel's pipeline, compiled now if need be. Errors reach the device's listeners. */
export function pipelineOf(gpu: Gpu, kernel: Kernel): Compiled {
  const cache = cacheOf(gpu);
  const known = cache.get(kernel);
  if (known) return known;
  gpu.device.pushErrorScope("validation");
  const { layout, descriptor, module } = describePipeline(gpu, kernel);
  const made = { pipeline: gpu.device.createComputePipeline(descriptor), layout };
  void gpu.device.popErrorScope().then(
    async (error) => {
      if (error) gpu.report(await compilationError(kernel, module, error));
    },
    // A scope that cannot be popped means a lost device, which `lost` tells.
    () => undefined,
  );
  cache.set(kernel, made);
  return made;
}

function describePipeline(gpu: Gpu, kernel: Kernel) {
  const { device } = gpu;
  const label = kernel.name;
  const module = device.createShaderModule({ label, code: kernel.source.code });
  // Explicit instead of "auto", which would drop bindings that the shader declares and does not use.
  const layout = device.createBindGroupLayout({
    label,
    entries: kernel.declared.map((binding) => ({
      binding: binding.binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: bufferLayout(kernel, binding),
    })),
  });
  const descriptor: GPUComputePipelineDescriptor = {
    label,
    layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main", constants: kernel.overrides },
  };
  return { module, layout, descriptor };
}

function bufferLayout(kernel: Kernel, { kind, type }: Binding): GPUBufferBindingLayout {
  switch (kind) {
    case "uniform":
      return { type: "uniform", minBindingSize: layoutOf(type, kernel.reflection).size };
    case "read":
      return { type: "read-only-storage" };
    case "read_write":
      return { type: "storage" };
  }
}

async function compilationError(kernel: Kernel, module: GPUShaderModule, cause: unknown): Promise<Error> {
  const { messages } = await module.getCompilationInfo();
  const reason = (cause as { message?: string }).message ?? String(cause);
  const lines = messages.map((message) => describeMessage(kernel.source, message));
  return new Error([`kernel ${kernel.name} does not compile: ${reason}`, ...lines].join("\n"), { cause });
}
