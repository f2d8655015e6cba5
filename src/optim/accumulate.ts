import { createBuffer } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { defineKernel } from "../gpu/kernel.ts";
import { CommandRecorder } from "../gpu/recorder.ts";
import { ATTRIBUTES, attributeWidth } from "../scene/attributes.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";

const accumulate = defineKernel({
  name: "optim/accumulate",
  bindings: { params: "uniform", values: "read", sums: "read_write" },
});

/** Weighted sum of splat gradients, in the order they were added. */
export class GradientSum {
  readonly #gpu: Gpu;
  readonly sum: SplatBuffers;

  constructor(gpu: Gpu, { count, shDegree }: Pick<SplatBuffers, "count" | "shDegree">) {
    this.#gpu = gpu;
    const buffers = ATTRIBUTES.map((attribute) => [
      attribute,
      createBuffer(gpu, `gradient sum/${attribute}`, 4 * count * attributeWidth(attribute, shDegree)),
    ]);
    this.sum = { count, shDegree, ...Object.fromEntries(buffers) } as SplatBuffers;
  }

  clear(): void {
    const recorder = new CommandRecorder(this.#gpu, "clear gradients");
    for (const attribute of ATTRIBUTES) recorder.clear(this.sum[attribute]);
    recorder.submit();
  }

  add(gradients: SplatBuffers, weight: number): void {
    const { count, shDegree } = this.sum;
    const recorder = new CommandRecorder(this.#gpu, "sum gradients");
    for (const attribute of ATTRIBUTES) {
      const floats = count * attributeWidth(attribute, shDegree);
      recorder.dispatch(
        accumulate,
        { over: floats },
        { params: { count: floats, weight }, values: gradients[attribute], sums: this.sum[attribute] },
      );
    }
    recorder.submit();
  }

  dispose(): void {
    for (const attribute of ATTRIBUTES) this.sum[attribute].destroy();
  }
}
