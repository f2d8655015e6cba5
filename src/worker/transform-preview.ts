import { BufferPool } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { defineKernel } from "../gpu/kernel.ts";
import { CommandRecorder } from "../gpu/recorder.ts";
import { rotationMatrix, transformPoint, unitQuaternion, type Similarity } from "../scene/transform.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";

const previewKernel = defineKernel({
  name: "view/preview-transform",
  bindings: {
    preview: "uniform",
    states: "read",
    means: "read",
    quaternions: "read",
    log_scales: "read",
    to_means: "write",
    to_quaternions: "write",
    to_log_scales: "write",
  },
});

/** Which splats of those that are drawn. */
export interface PreviewTarget {
  readonly selectedOnly: boolean;
  /** From `first` to before `end`. */
  readonly first: number;
  readonly end: number;
}

/** Shows splats where a gizmo has them, without touching the scene. */
export interface TransformPreview {
  /** The splats, some of them elsewhere; good until the next call. */
  apply(splats: SplatBuffers, states: GPUBuffer, by: Similarity, target: PreviewTarget): SplatBuffers;
  /** Frees the copies that it takes. */
  end(): void;
}

export function createTransformPreview(gpu: Gpu): TransformPreview {
  const pool = new BufferPool(gpu, "view/preview");
  return {
    apply(splats, states, by, { selectedOnly, first, end }) {
      const { count } = splats;
      const m = rotationMatrix(by.rotation).map((value) => by.scale * value);
      const origin = transformPoint(by, [0, 0, 0]);
      const row = (axis: 0 | 1 | 2): number[] => [...m.slice(3 * axis, 3 * axis + 3), origin[axis]];
      const copies = {
        means: pool.ensure("means", splats.means.size),
        quaternions: pool.ensure("quaternions", splats.quaternions.size),
        logScales: pool.ensure("log scales", splats.logScales.size),
      };
      const recorder = new CommandRecorder(gpu, "preview transform");
      recorder.dispatch(
        previewKernel,
        { over: count },
        {
          preview: {
            ...{ row_x: row(0), row_y: row(1), row_z: row(2) },
            ...{ quaternion: unitQuaternion(by.rotation), log_scale: Math.log(by.scale) },
            ...{ selected_only: selectedOnly, first, end, count },
          },
          ...{ states, means: splats.means, quaternions: splats.quaternions, log_scales: splats.logScales },
          ...{ to_means: copies.means, to_quaternions: copies.quaternions, to_log_scales: copies.logScales },
        },
      );
      recorder.submit();
      return { ...splats, ...copies };
    },
    end: () => pool.dispose(),
  };
}
