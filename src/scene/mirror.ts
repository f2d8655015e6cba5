/** Splats between memory and the GPU, and copies of them that stay there. */
import { assert } from "../core/assert.ts";
import { createBuffer, uploadBuffer, writeBuffer } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { CommandRecorder } from "../gpu/recorder.ts";
import { ATTRIBUTES, attributeWidth } from "./attributes.ts";
import type { Attribute, Splats } from "./attributes.ts";
import type { SplatBuffers } from "./splat-buffers.ts";
import { splatsFrom } from "./splats.ts";

type Shape = Pick<SplatBuffers, "count" | "shDegree">;

/** Zero-filled buffers of this shape; also what cotangents are kept in. Throws a UserError if they do not fit; `refused`: see `createBuffer`. */
export function createSplatBuffers(
  gpu: Gpu,
  { count, shDegree }: Shape,
  label: string,
  refused?: () => void,
): SplatBuffers {
  return build({ count, shDegree }, (attribute) =>
    createBuffer(gpu, `${label}/${attribute}`, byteLength(attribute, { count, shDegree }), 0, refused),
  );
}

/** Throws a UserError if the scene does not fit. */
export function uploadSplats(gpu: Gpu, splats: Splats, label = "scene"): SplatBuffers {
  return build(splats, (attribute) => uploadBuffer(gpu, `${label}/${attribute}`, splats[attribute]));
}

/** Overwrites buffers of the same shape. */
export function writeSplats(gpu: Gpu, buffers: SplatBuffers, splats: Splats): void {
  assertSameShape(buffers, splats);
  for (const attribute of ATTRIBUTES) writeBuffer(gpu, buffers[attribute], splats[attribute]);
}

/** The splats as of everything submitted so far, all attributes as of the same moment. */
export async function downloadSplats(gpu: Gpu, buffers: SplatBuffers): Promise<Splats> {
  const recorder = new CommandRecorder(gpu, "download splats");
  const reads = ATTRIBUTES.map(async (attribute) => {
    const length = byteLength(attribute, buffers);
    // Nothing can be mapped of a scene without splats.
    if (length === 0) return [attribute, new Float32Array(0)] as const;
    const bytes = await recorder.read(buffers[attribute], { byteLength: length });
    return [attribute, new Float32Array(bytes)] as const;
  });
  recorder.submit();
  const arrays = Object.fromEntries(await Promise.all(reads)) as Record<Attribute, Float32Array>;
  return splatsFrom(buffers.count, buffers.shDegree, arrays);
}

/** Copies on the GPU, in order with whatever else is submitted. */
export function copySplatBuffers(gpu: Gpu, from: SplatBuffers, to: SplatBuffers): void {
  assertSameShape(from, to);
  const recorder = new CommandRecorder(gpu, "copy splats");
  for (const attribute of ATTRIBUTES) recorder.copy(from[attribute], to[attribute], from[attribute].size);
  recorder.submit();
}

export function disposeSplatBuffers(buffers: SplatBuffers): void {
  for (const attribute of ATTRIBUTES) buffers[attribute].destroy();
}

/** A copy of a scene on the GPU that it can be put back to, bit for bit. */
export interface SplatSnapshot {
  /** Takes the scene as it is now; it is taken once when the snapshot is made. */
  take(): void;
  restore(): void;
  /** The copy. */
  readonly buffers: SplatBuffers;
  dispose(): void;
}

export function snapshotSplats(gpu: Gpu, scene: SplatBuffers, label = "snapshot"): SplatSnapshot {
  const buffers = createSplatBuffers(gpu, scene, label);
  const take = (): void => copySplatBuffers(gpu, scene, buffers);
  take();
  return {
    take,
    restore: () => copySplatBuffers(gpu, buffers, scene),
    buffers,
    dispose: () => disposeSplatBuffers(buffers),
  };
}

const byteLength = (attribute: Attribute, { count, shDegree }: Shape): number =>
  4 * count * attributeWidth(attribute, shDegree);

function build({ count, shDegree }: Shape, make: (attribute: Attribute) => GPUBuffer): SplatBuffers {
  const buffers = ATTRIBUTES.map((attribute) => [attribute, make(attribute)] as const);
  return { count, shDegree, ...(Object.fromEntries(buffers) as Record<Attribute, GPUBuffer>) };
}

function assertSameShape(a: Shape, b: Shape): void {
  const words = ({ count, shDegree }: Shape): string => `${count} splats of SH degree ${shDegree}`;
  assert(a.count === b.count && a.shDegree === b.shDegree, `got ${words(b)}, expected ${words(a)}`);
}
