import type { AnyValues, ParamSpec } from "../../core/params.ts";
import type { Rng } from "../../core/rng.ts";
import type { Sphere } from "../../scene/bounds.ts";
import type { Camera, Vec3 } from "../camera.ts";

/** What views are taken of. */
export interface ViewContext {
  /** What should fill the picture. */
  readonly focus: Sphere;
  readonly up: Vec3;
  /** Size of the picture in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Where training views come from. */
export interface ViewSampler {
  readonly id: string;
  readonly label: string;
  readonly params: ParamSpec;
  /** The `index`-th view: views with different indices spread evenly, `rng` moves each a little. */
  view(index: number, rng: Rng, context: ViewContext, params: AnyValues): Camera;
}
