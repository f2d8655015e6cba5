/**
 * A list of dispatches for one submission. Consecutive dispatches share one compute pass: WebGPU orders them and
 * makes the writes of each visible to the next. Uniforms given as values travel in one write ahead of the commands.
 */
import { assert } from "../core/assert.ts";
import type { Gpu } from "./device.ts";
import { groupsOver } from "./dispatch.ts";
import { pipelineOf } from "./kernel.ts";
import type { Access, BindingSpec, Kernel } from "./kernel.ts";
import { unlessLost } from "./waiting.ts";
import type { PassTimer } from "./timing.ts";
import { UniformArena } from "./uniform-arena.ts";
import { layoutOf, packUniforms } from "./uniforms.ts";
import type { UniformValues } from "./uniforms.ts";

/**
 * How much work: so many threads (the shader counts them over a 2-D grid and checks the bound itself), so many
 * workgroups, or the count that lies in a buffer.
 */
export type DispatchSize =
  | { readonly over: number }
  | { readonly groups: readonly [x: number, y?: number, z?: number] }
  | { readonly indirect: GPUBuffer; readonly byteOffset?: number };

type StorageValue = GPUBuffer | GPUBufferBinding;
type BindingValue<A extends Access> = A extends "uniform" ? StorageValue | UniformValues : StorageValue;
/** What to bind, by name. Further names are left alone, so a whole record of buffers can be spread in. */
export type BindingValues<B extends BindingSpec> = { readonly [N in keyof B]: BindingValue<B[N]> };

interface Read {
  readonly staging: GPUBuffer;
  readonly resolve: (bytes: Promise<ArrayBuffer>) => void;
}

export interface RecorderOptions {
  /** Times each kernel, at the price of one compute pass per dispatch. */
  readonly timer?: PassTimer | undefined;
}

export class CommandRecorder {
  readonly gpu: Gpu;
  readonly label: string;
  readonly #encoder: GPUCommandEncoder;
  readonly #uniforms: UniformArena;
  readonly #timer: PassTimer | undefined;
  readonly #reads: Read[] = [];
  readonly #outgrown: GPUBuffer[] = [];
  #pass: GPUComputePassEncoder | undefined;
  #submitted = false;

  constructor(gpu: Gpu, label: string, { timer }: RecorderOptions = {}) {
    this.gpu = gpu;
    this.label = label;
    this.#encoder = gpu.device.createCommandEncoder({ label });
    this.#uniforms = new UniformArena(gpu);
    this.#timer = timer;
  }

  /** Work of size zero is left out. */
  dispatch<B extends BindingSpec>(kernel: Kernel<B>, size: DispatchSize, bindings: BindingValues<B>): this {
    if ("over" in size && size.over === 0) return this;
    const { pipeline, layout } = pipelineOf(this.gpu, kernel);
    const entries = kernel.declared.map(({ name, binding }) => ({
      binding,
      resource: this.#resource(kernel, name, (bindings as BindingValues<BindingSpec>)[name]),
    }));
    const pass = this.#computePass(kernel.name);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.gpu.device.createBindGroup({ label: kernel.name, layout, entries }));
    if ("indirect" in size) pass.dispatchWorkgroupsIndirect(size.indirect, size.byteOffset ?? 0);
    else if ("groups" in size) pass.dispatchWorkgroups(...size.groups);
    else pass.dispatchWorkgroups(...groupsOver(size.over, kernel.workgroupSize));
    if (this.#timer) this.#endPass();
    return this;
  }

  /** Fills with zeros. */
  clear(buffer: GPUBuffer, byteOffset = 0, byteLength?: number): this {
    this.encode((encoder) => encoder.clearBuffer(buffer, byteOffset, byteLength));
    return this;
  }

  copy(from: GPUBuffer, to: GPUBuffer, byteLength = from.size): this {
    this.encode((encoder) => encoder.copyBufferToBuffer(from, 0, to, 0, byteLength));
    return this;
  }

  /** Anything else an encoder can do, in its place among the dispatches: a render pass, a texture copy. */
  encode(commands: (encoder: GPUCommandEncoder) => void): this {
    this.#endPass();
    commands(this.#encoder);
    return this;
  }

  /** What the buffer holds at this place in the list. The promise settles some time after `submit`. */
  read(buffer: GPUBuffer, range: { byteOffset?: number; byteLength?: number } = {}): Promise<ArrayBuffer> {
    const byteOffset = range.byteOffset ?? 0;
    const byteLength = range.byteLength ?? buffer.size - byteOffset;
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const staging = this.gpu.device.createBuffer({
      label: `read ${buffer.label}`,
      size: byteLength,
      usage: MAP_READ | COPY_DST,
    });
    this.encode((encoder) => encoder.copyBufferToBuffer(buffer, byteOffset, staging, 0, byteLength));
    return new Promise((resolve) => this.#reads.push({ staging, resolve }));
  }

  /** For a buffer that these commands may name and nobody wants afterwards. */
  destroyAfterSubmit(buffer: GPUBuffer): void {
    this.#outgrown.push(buffer);
  }

  /** Sends everything off. A recorder is submitted once. */
  submit(): void {
    assert(!this.#submitted, `${this.label} was submitted before`);
    this.#submitted = true;
    this.#endPass();
    this.#timer?.resolve(this.#encoder);
    const commands = this.#encoder.finish({ label: this.label });
    this.#uniforms.flush();
    this.gpu.device.queue.submit([commands]);
    for (const buffer of this.#outgrown) buffer.destroy();
    for (const { staging, resolve } of this.#reads) resolve(unlessLost(this.gpu, mapped(staging)));
  }

  #computePass(name: string): GPUComputePassEncoder {
    if (!this.#pass) {
      const timestampWrites = this.#timer?.span(name);
      this.#pass = this.#encoder.beginComputePass({
        label: this.#timer ? name : this.label,
        ...(timestampWrites && { timestampWrites }),
      });
    }
    return this.#pass;
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }

  #resource(
    kernel: Kernel,
    name: string,
    value: StorageValue | UniformValues | undefined,
  ): GPUBindingResource {
    const what = `${kernel.name}.${name}`;
    assert(value, `${what} is not bound`);
    if (value instanceof GPUBuffer) return { buffer: value };
    if ("buffer" in value && value.buffer instanceof GPUBuffer) return value as GPUBufferBinding;
    assert(kernel.bindings[name] === "uniform", `${what}: expected a buffer`);
    const { type } = kernel.declared.find((binding) => binding.name === name)!;
    const layout = layoutOf(type, kernel.reflection);
    return this.#uniforms.add(packUniforms(layout, value as UniformValues, what));
  }
}

async function mapped(staging: GPUBuffer): Promise<ArrayBuffer> {
  try {
    await staging.mapAsync(GPUMapMode.READ);
    return staging.getMappedRange().slice(0);
  } finally {
    staging.destroy();
  }
}
