import { gradientAgreement } from "../diffusion/codecs/gradient-agreement.ts";
import type { Pipeline } from "../diffusion/pipeline.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Rasterizer } from "../raster/rasterizer.ts";
import type { Splats } from "../scene/attributes.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import type { EditSettings } from "./settings.ts";
import { setStage, type SceneFacts } from "./stage.ts";
import { rasterProbe } from "./view-probe.ts";
import { createViewRenderer } from "./view-renderer.ts";

export interface AgreementInput {
  readonly gpu: Gpu;
  readonly rasterizer: Rasterizer;
  readonly pipeline: Pipeline;
  readonly splats: Splats;
  /** The same splats on the GPU. */
  readonly buffers: SplatBuffers;
  readonly antialiased: boolean;
  readonly facts: SceneFacts;
  readonly settings: EditSettings;
}

/** Views on which two encoders are compared. */
const VIEWS = 3;

/**
 * How close the gradients of an encoder that stands in for the model's own are to that one's: a cosine for each of a
 * few views of the scene. Empty where the model's own is in use. The own one's networks are released afterwards.
 */
export async function encoderAgreement(input: AgreementInput): Promise<readonly number[]> {
  const { gpu, rasterizer, pipeline, splats, buffers, antialiased, facts, settings } = input;
  const { codec, referenceCodec } = pipeline;
  if (!referenceCodec) return [];
  const probe = rasterProbe(gpu, rasterizer, { splats: buffers, antialias: antialiased });
  const views = { ...settings.views, count: VIEWS };
  const { cameras } = await setStage(splats, { ...settings, views }, facts, probe);
  const render = createViewRenderer(rasterizer, cameras, settings.background, antialiased);
  const cosines: number[] = [];
  for (const view of cameras.keys()) {
    const { image } = (await render(buffers, view)).out;
    cosines.push(await gradientAgreement(codec, referenceCodec, image));
  }
  await referenceCodec.dispose();
  return cosines;
}
