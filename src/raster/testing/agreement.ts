/** Draws and differentiates a scene on the GPU and with the reference, and says where they differ. Tests only. */
import type { Rng } from "../../core/rng.ts";
import { ATTRIBUTES } from "../../scene/attributes.ts";
import type { Gpu } from "../../gpu/device.ts";
import { fragilePixels, type ReferenceImages } from "../rasterize.reference.ts";
import { render, renderVjp, type ReferenceInput } from "../rasterizer.reference.ts";
import type { Rasterizer } from "../rasterizer.ts";
import { gradientFailures, worstDifference } from "./compare.ts";
import { readImages, readSplats, uploadImages, uploadReference } from "./gpu.ts";

const OUTPUTS = ["image", "alpha", "depth"] as const;

export interface Agreement {
  readonly pictures: ReferenceImages<Float32Array>;
  readonly gradient: Awaited<ReturnType<typeof readSplats>>;
  readonly expected: ReferenceImages<Float64Array>;
  /** Lines that say what differs; empty when all is well. */
  readonly failures: readonly string[];
  /** Share of pixels that were left out because they sit on a threshold. */
  readonly fragileShare: number;
}

export interface Tolerances {
  readonly picture?: number;
  readonly gradient?: number;
}

/** Cotangents are standard normal for all three outputs, and zero at fragile pixels. */
export async function compareWithReference(
  gpu: Gpu,
  rasterizer: Rasterizer,
  input: ReferenceInput<Float64Array>,
  rng: Rng,
  { picture = 1e-4, gradient: tolerance = 1e-3 }: Tolerances = {},
): Promise<Agreement> {
  const { camera, background } = input;
  const reference = render(input);
  const fragile = fragilePixels(reference.saved, { ...camera, background }, 2e-6);
  const isSteady = (index: number): boolean => !fragile[index % fragile.length];
  const draw = (length: number): Float64Array =>
    Float64Array.from({ length }, (_, index) => (isSteady(index) ? Math.fround(rng.normal()) : 0));
  const v = { image: draw(3 * fragile.length), alpha: draw(fragile.length), depth: draw(fragile.length) };

  const splats = uploadReference(gpu, input.splats);
  const { out, saved } = await rasterizer.renderComplete({ ...input, splats });
  const pictures = await readImages(gpu, out);
  const gradient = await readSplats(gpu, await rasterizer.vjp(saved, uploadImages(gpu, v, camera)));
  for (const attribute of ATTRIBUTES) splats[attribute].destroy();

  const failures = OUTPUTS.flatMap((output) => {
    const difference = worstDifference(pictures[output], reference.out[output], isSteady);
    const allowed = picture * (output === "depth" ? Math.max(1, ...reference.out.depth) : 1);
    if (difference.worst <= allowed) return [];
    const { index, actual, expected } = difference;
    return [`${output}[${index}]: got ${actual}, expected ${expected}`];
  });
  const expectedGradient = renderVjp(input, reference.saved, v);
  return {
    pictures,
    gradient,
    expected: reference.out,
    failures: [...failures, ...gradientFailures(gradient, expectedGradient, tolerance)],
    fragileShare: fragile.filter(Boolean).length / fragile.length,
  };
}
