/** Stable Diffusion's UNet in miniature, in sessions of fixed sizes: those that FreeU is written into. */
import { describe, expect, test } from "vitest";
import { tensor } from "../core/tensor.ts";
import { createDenoiser } from "./denoiser.ts";
import type { DenoiserSlot } from "./denoiser.ts";
import { openModelFolder } from "./model-folder.ts";
import { createSchedule } from "./schedule.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";
import { exportedFolder, exportReference } from "./testing/exports.ts";

useNodeRuntime();

const T = 400;
const freeU = { b1: 1.2, b2: 1.4, s1: 0.9, s2: 0.2 };

const reference = exportReference("sd15-optimum");
const hidden = tensor(reference.hidden.data, reference.hidden.shape.slice(1));
/** Four latents under one prompt. */
const slots: readonly DenoiserSlot[] = [1, -1, 0.5, 2].map((factor) => ({
  latent: tensor(
    reference.latent.data.map((value) => factor * value),
    reference.latent.shape.slice(1),
  ),
  prompt: hidden,
}));

async function setUp(together: number, { failsFrom = Infinity } = {}) {
  const folder = await openModelFolder(exportedFolder("sd15-optimum"));
  const file = await folder.graph("unet");
  let loads = 0;
  const load = async () => {
    if (++loads >= failsFrom) throw new Error("out of memory");
    return file;
  };
  const limits = () => ({ batch: Infinity, together });
  const options = { freeU, limits };
  const backend = { provider: "wasm" } as const;
  const denoiser = createDenoiser({ ports: file.ports, load }, createSchedule({}), backend, options);
  return { denoiser, loads: () => loads };
}

/** Calls after which a second session for one slot in place of four has paid for itself. */
const IN_TIME = 11;

describe("one of four slots", () => {
  test.each([
    { room: "no room for a second session", together: 0, loads: 1 },
    { room: "room for one, which is made in time", together: 5, loads: 2 },
  ])("$room: the same answers as all at once", async ({ together, loads: made }) => {
    const { denoiser, loads } = await setUp(together);
    const all = await denoiser.predict(slots, T);
    for (let i = 0; i < IN_TIME; i++) {
      expect(loads()).toBe(1);
      expect(await denoiser.predict(slots.slice(0, 1), T, { leftOut: 3 })).toEqual(all.slice(0, 1));
    }
    expect(await denoiser.predict(slots, T)).toEqual(all);
    expect(loads()).toBe(made);
    await denoiser.dispose();
  });

  test("a second session that cannot be made is done without", async () => {
    const { denoiser, loads } = await setUp(5, { failsFrom: 2 });
    const all = await denoiser.predict(slots, T);
    for (let i = 0; i <= IN_TIME; i++) {
      expect(await denoiser.predict(slots.slice(0, 1), T, { leftOut: 3 })).toEqual(all.slice(0, 1));
    }
    expect(loads()).toBe(2);
    await denoiser.dispose();
  });
});
