/** The derivative of a frame as a list of dispatches. */
import type { CommandRecorder } from "../gpu/recorder.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import type { BACKWARD, Buffers, FRAME } from "./frame-buffers.ts";
import { colorVjp, projectVjp, sumPairs, type Compositing } from "./kernels.ts";
import type { FramePlan } from "./plan.ts";
import type { RenderCotangent } from "./types.ts";

export interface BackwardBindings {
  readonly view: GPUBuffer;
  readonly splats: SplatBuffers;
  readonly frame: Buffers<typeof FRAME>;
  readonly backward: Buffers<typeof BACKWARD>;
  readonly cotangent: RenderCotangent;
  readonly vSplats: SplatBuffers;
  readonly compositing: Compositing;
}

export function recordBackward(recorder: CommandRecorder, plan: FramePlan, bindings: BackwardBindings): void {
  const { view, splats, frame, backward, cotangent, vSplats, compositing } = bindings;
  // A binding must not be empty: what is not given is bound to something that the shader does not read.
  const nothing = frame.pixel_ends;
  const { image, alpha, depth } = cotangent;
  recorder.dispatch(
    compositing.rasterizeVjp,
    { groups: plan.tiles },
    {
      view,
      given: { has_image: image ? 1 : 0, has_alpha: alpha ? 1 : 0, has_depth: depth ? 1 : 0 },
      v_image: image?.buffer ?? nothing,
      v_alpha: alpha?.buffer ?? nothing,
      v_depth: depth?.buffer ?? nothing,
      ...frame,
      ...backward,
    },
  );
  const over = plan.count;
  recorder.dispatch(sumPairs, { over }, { view, ...frame, ...backward });
  recorder.dispatch(
    projectVjp,
    { over },
    {
      view,
      means: splats.means,
      quaternions: splats.quaternions,
      log_scales: splats.logScales,
      opacity_logits: splats.opacityLogits,
      v_quaternions: vSplats.quaternions,
      v_log_scales: vSplats.logScales,
      v_opacity_logits: vSplats.opacityLogits,
      ...backward,
    },
  );
  recorder.dispatch(
    colorVjp,
    { over },
    {
      view,
      means: splats.means,
      sh: splats.sh,
      v_means: vSplats.means,
      v_sh: vSplats.sh,
      ...frame,
      ...backward,
    },
  );
}
