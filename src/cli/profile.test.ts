import { expect, it } from "vitest";
import { gpuTest } from "../gpu/testing.ts";
import { loadPipeline } from "../diffusion/pipeline.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import { normalLatent } from "../diffusion/testing/images.ts";
import { tinyFolder } from "../diffusion/testing/tiny-diffusion.ts";
import { profiled, profileInWords } from "./profile.ts";

useNodeRuntime();

gpuTest("every network's time is kept, and what it gives is the same", async ({ gpu }) => {
  const plain = await loadPipeline(tinyFolder(), { gpu, provider: "wasm" });
  const { pipeline, seconds } = profiled(plain);
  const latent = normalLatent("latent", [4, 2, 2]);
  const prompt = await pipeline.textEncoder.embed("red");
  const slots = [{ latent, prompt }];
  expect(await pipeline.denoiser.predict(slots, 5)).toEqual(await plain.denoiser.predict(slots, 5));
  const { saved, out } = await pipeline.codec.forward(await pipeline.codec.decode(latent));
  await pipeline.codec.vjp(saved, out);
  expect([...seconds.keys()]).toEqual(["text encoder", "UNet", "decoder", "encoder", "encoder gradient"]);
  for (const time of seconds.values()) expect(time).toBeGreaterThan(0);
  await pipeline.dispose();
});

it("shares are told of the whole run, and what is left is the scene's", () => {
  const seconds = new Map([
    ["UNet", 6],
    ["encoder", 1.5],
  ]);
  expect(profileInWords(seconds, 10)).toBe("UNet 6.0 s (60 %), encoder 1.5 s (15 %), scene 2.5 s (25 %)");
});
