/** Shows on each splat what the user has done to it. */
import type { Vec3 } from "../camera/camera.ts";
import { BufferPool, writeBuffer } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { defineKernel } from "../gpu/kernel.ts";
import type { Retouch } from "../raster/types.ts";

const showStates = defineKernel({
  name: "view/show-states",
  bindings: {
    view: "uniform",
    tints: "uniform",
    states: "read",
    splats: "read_write",
    tile_counts: "write",
    is_visible: "read_write",
  },
});

/** Colour and strength. */
export interface Tint {
  readonly color: Vec3;
  readonly strength: number;
}
export interface Tints {
  readonly selected: Tint;
  readonly proposed: Tint;
}

export interface StatePass {
  /** STATE and PROPOSED bits of each splat of the scene that is drawn next. */
  write(states: Uint8Array): void;
  /** Four to a word. */
  readonly states: GPUBuffer;
  retouch(tints: Tints): Retouch;
  dispose(): void;
}

export function createStatePass(gpu: Gpu): StatePass {
  const pool = new BufferPool(gpu, "view");
  let buffer = pool.ensure("states", 4);
  return {
    get states() {
      return buffer;
    },
    write(states) {
      buffer = pool.ensure("states", states.length);
      const words = new Uint32Array(Math.ceil(states.length / 4));
      new Uint8Array(words.buffer).set(states);
      writeBuffer(gpu, buffer, words);
    },
    retouch: (tints) => (recorder, projected) => {
      const vec4 = ({ color, strength }: Tint): number[] => [...color, strength];
      recorder.dispatch(
        showStates,
        { over: projected.count },
        {
          ...projected,
          states: buffer,
          tints: { selected: vec4(tints.selected), proposed: vec4(tints.proposed) },
        },
      );
    },
    dispose: () => pool.dispose(),
  };
}
