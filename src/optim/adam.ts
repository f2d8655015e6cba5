import { assert } from "../core/assert.ts";
import { createBuffer } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { defineKernel } from "../gpu/kernel.ts";
import { CommandRecorder } from "../gpu/recorder.ts";
import { ATTRIBUTES, attributeWidth, type Attribute } from "../scene/attributes.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import { ADAM } from "./adam.reference.ts";
import type { LearningRates } from "./learning-rates.ts";

const adam = defineKernel({
  name: "optim/adam",
  bindings: {
    params: "uniform",
    mask: "read",
    gradients: "read",
    values: "read_write",
    first_moments: "read_write",
    second_moments: "read_write",
  },
});

export interface AdamInput {
  /** Changed in place. */
  readonly splats: SplatBuffers;
  readonly gradients: SplatBuffers;
  readonly rates: LearningRates;
  /** u32 per splat; a splat with 0 stays the same to the bit. Everything moves when there is none. */
  readonly mask?: GPUBuffer; // [N]
}

interface AttributeState {
  readonly first: GPUBuffer;
  readonly second: GPUBuffer;
  /** How many steps the moments have seen; fewer than the run's where the rate was 0 for a while. */
  step: number;
}

/** Adam over the attributes of one scene. Moments live on the GPU; a fresh optimiser starts at step 1. */
export class Adam {
  readonly #gpu: Gpu;
  readonly #states: ReadonlyMap<Attribute, AttributeState>;

  constructor(gpu: Gpu, { count, shDegree }: Pick<SplatBuffers, "count" | "shDegree">) {
    this.#gpu = gpu;
    this.#states = new Map(
      ATTRIBUTES.map((attribute) => {
        const bytes = 4 * count * attributeWidth(attribute, shDegree);
        return [
          attribute,
          {
            first: createBuffer(gpu, `adam/${attribute}/first`, bytes),
            second: createBuffer(gpu, `adam/${attribute}/second`, bytes),
            step: 0,
          } satisfies AttributeState,
        ];
      }),
    );
  }

  /** Updates every attribute with a rate above 0. Recorded and submitted at once. */
  step({ splats, gradients, rates, mask }: AdamInput): void {
    assert(
      gradients.count === splats.count && gradients.shDegree === splats.shDegree,
      `gradients: of ${gradients.count} splats at SH ${gradients.shDegree}, expected ${splats.count} at ${splats.shDegree}`,
    );
    const recorder = new CommandRecorder(this.#gpu, "adam");
    for (const attribute of ATTRIBUTES) {
      const { lead, rest, leadLanes, width } = lanes(attribute, splats, rates);
      const state = this.#states.get(attribute)!;
      const floats = splats.count * width;
      if (floats === 0 || (lead === 0 && rest === 0)) continue;
      state.step++;
      recorder.dispatch(
        adam,
        { over: floats },
        {
          params: {
            count: floats,
            width,
            lead_lanes: leadLanes,
            masked: mask ? 1 : 0,
            lead_rate: lead,
            rest_rate: rest,
            correction1: 1 - ADAM.beta1 ** state.step,
            correction2: 1 - ADAM.beta2 ** state.step,
          },
          mask: mask ?? gradients[attribute], // something has to be bound
          gradients: gradients[attribute],
          values: splats[attribute],
          first_moments: state.first,
          second_moments: state.second,
        },
      );
    }
    recorder.submit();
  }

  dispose(): void {
    for (const { first, second } of this.#states.values()) {
      first.destroy();
      second.destroy();
    }
  }
}

/** The first lanes of a splat may move at another rate than the rest: SH's degree 0. */
function lanes(attribute: Attribute, splats: SplatBuffers, rates: LearningRates) {
  const width = attributeWidth(attribute, splats.shDegree);
  if (attribute === "sh") return { width, leadLanes: 3, lead: rates.sh.dc, rest: rates.sh.rest };
  return { width, leadLanes: width, lead: rates[attribute], rest: 0 };
}
