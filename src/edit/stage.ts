/** What a run is set on: where the scene is, which way is up, from where it is seen. Nothing of it changes later. */
import type { Camera, Vec3 } from "../camera/camera.ts";
import { cameraExtent } from "../camera/extent.ts";
import { viewSamplers } from "../camera/samplers/index.ts";
import { CONVENTIONAL_UP, guessUp } from "../camera/up-axis.ts";
import { createRng } from "../core/rng.ts";
import type { Splats } from "../scene/attributes.ts";
import { boxSphere, focusSphere, samplePoints, type Sphere } from "../scene/bounds.ts";
import { regionMask, type Region } from "./mask.ts";
import type { EditSettings } from "./settings.ts";
import { chooseViews, type ViewProbe } from "./views.ts";

export interface Stage {
  readonly focus: Sphere;
  readonly up: Vec3;
  readonly cameras: readonly Camera[];
  /** Unit of the position learning rate. */
  readonly extent: number;
  /** u32 per splat; absent when everything may move. */
  readonly mask?: Uint32Array;
  readonly warnings: readonly string[];
}

/** What a scene's file says about itself, where it says anything. */
export interface SceneFacts {
  readonly up?: Vec3;
  readonly focus?: Sphere;
}

export async function setStage(
  splats: Splats,
  settings: EditSettings,
  facts: SceneFacts,
  probe: ViewProbe,
  signal?: AbortSignal,
): Promise<Stage> {
  const { region, size, views, seed } = settings;
  const mask = region.kind === "all" ? undefined : regionMask(region, splats);
  const focus = settings.focus === "auto" ? focusOf(splats, region, mask, facts) : settings.focus;
  const up = settings.up === "auto" ? (facts.up ?? upOf(splats)) : settings.up;
  const { cameras, warnings } = await chooseViews(
    {
      sampler: viewSamplers.get(views.sampler),
      params: views.params,
      context: { focus, up, width: size, height: size },
      count: views.count,
      rng: createRng(seed).fork("cameras"),
      ...(signal && { signal }),
    },
    probe,
  );
  const extent = cameraExtent(
    cameras.map(({ worldToCamera }) => worldToCamera),
    focus.center,
  );
  return { focus, up, cameras, extent, ...(mask && { mask }), warnings };
}

/** The region itself where it is a volume, else what the scene says it is about, else wherever its splats are. */
function focusOf(
  splats: Splats,
  region: Region,
  mask: Uint32Array | undefined,
  { focus }: SceneFacts,
): Sphere {
  if (region.kind === "sphere") return { center: region.center, radius: region.radius };
  if (region.kind === "box") return boxSphere(region);
  if (region.kind === "all" && focus) return focus;
  const sample = samplePoints(splats, mask && ((splat) => mask[splat] === 1));
  return sample ? focusSphere(sample) : { center: [0, 0, 0], radius: 1 };
}

function upOf(splats: Splats): Vec3 {
  const sample = samplePoints(splats);
  return sample ? guessUp(sample).up : CONVENTIONAL_UP;
}
