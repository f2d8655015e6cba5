import { allocated, writeBuffer } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { ATTRIBUTES, attributeWidth, type ShDegree, type Splats } from "../scene/attributes.ts";
import { createSplatBuffers, disposeSplatBuffers } from "../scene/mirror.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import { withShDegree } from "../scene/splats.ts";
import { assertSceneFits } from "./scene-fits.ts";

/** Splats of several layers, one after the other on the GPU. Only arrays that are not there yet travel. */
export interface SceneBuffers {
  /** Undefined until something has been shown. */
  readonly splats: SplatBuffers | undefined;
  /** Rejects with a UserError, and keeps what there is, if the splats do not fit. One call at a time. */
  show(parts: readonly Splats[]): Promise<void>;
  /** Somebody else writes to the buffers: what they hold is not known any more. */
  forget(): void;
  dispose(): void;
}

export function createSceneBuffers(gpu: Gpu): SceneBuffers {
  let buffers: SplatBuffers | undefined;
  let held: readonly Splats[] = [];

  const allocate = async (parts: readonly Splats[]): Promise<SplatBuffers> => {
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    const shDegree = parts.reduce<ShDegree>((most, part) => (part.shDegree > most ? part.shDegree : most), 0);
    const sameShape =
      buffers?.count === count &&
      buffers.shDegree === shDegree &&
      held.length === parts.length &&
      held.every((part, i) => part.count === parts[i]!.count);
    if (buffers && sameShape) return buffers;
    assertSceneFits({ count, shDegree }, gpu.limits);
    // Made before the old ones go: if the new scene does not fit, the old one stays.
    const make = () => createSplatBuffers(gpu, { count, shDegree }, "scene");
    const next = await allocated(gpu, make, disposeSplatBuffers);
    if (buffers) disposeSplatBuffers(buffers);
    held = [];
    return next;
  };

  return {
    get splats() {
      return buffers;
    },
    async show(parts) {
      buffers = await allocate(parts);
      const { shDegree } = buffers;
      let first = 0;
      parts.forEach((part, i) => {
        const before = held[i];
        for (const attribute of ATTRIBUTES) {
          if (before?.[attribute] === part[attribute]) continue;
          const width = attributeWidth(attribute, shDegree);
          const values = attribute === "sh" ? withShDegree(part, shDegree).sh : part[attribute];
          writeBuffer(gpu, buffers![attribute], values, 4 * first * width);
        }
        first += part.count;
      });
      held = parts;
    },
    forget() {
      held = held.map(({ count, shDegree }) => ({ ...NOTHING, count, shDegree }));
    },
    dispose() {
      if (buffers) disposeSplatBuffers(buffers);
    },
  };
}

/** Equal to no array of any splats. */
const NOTHING = Object.fromEntries(ATTRIBUTES.map((attribute) => [attribute, new Float32Array(0)])) as Omit<
  Splats,
  "count" | "shDegree"
>;
