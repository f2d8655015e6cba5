/** Reads the golden cases of ../golden; see its README. Tests only. */
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Camera, Vec3 } from "../../camera/camera.ts";
import type { Attribute, ShDegree } from "../../scene/attributes.ts";
import type { ReferenceSplats } from "../project.reference.ts";
import type { ReferenceImages } from "../rasterize.reference.ts";
import type { ReferenceInput } from "../rasterizer.reference.ts";

export const COTANGENT_SETS = ["image", "image+alpha+depth"] as const;
export type CotangentSet = (typeof COTANGENT_SETS)[number];

export interface GoldenCase {
  readonly name: string;
  readonly input: ReferenceInput<Float64Array>;
  readonly output: ReferenceImages<Float64Array>;
  readonly fragile: Uint8Array; // [H, W]
  cotangent(set: CotangentSet): ReferenceImages<Float64Array>;
  gradient(set: CotangentSet): { readonly [A in Attribute]: Float64Array };
}

interface GoldenFile {
  name: string;
  gaussians: number;
  sh_degree: ShDegree;
  antialias: boolean;
  background: number[];
  camera: Record<"width" | "height" | "fx" | "fy" | "cx" | "cy" | "near", number> & {
    world_to_camera: number[];
  };
  input: SplatFields;
  output: ImageFields;
  cotangent: ImageFields;
  fragile: number[];
  gradient: Record<CotangentSet, SplatFields>;
}
type SplatFields = Record<"position" | "rotation" | "log_scale" | "opacity_logit" | "sh", number[]>;
type ImageFields = Record<"image" | "alpha" | "depth", number[]>;

const FOLDER = new URL("../golden/", import.meta.url);

export const GOLDEN_NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json.gz"))
  .map((file) => file.replace(".json.gz", ""));

export function readGolden(name: string): GoldenCase {
  const file = JSON.parse(
    gunzipSync(readFileSync(new URL(`${name}.json.gz`, FOLDER))).toString(),
  ) as GoldenFile;
  const { world_to_camera, ...pinhole } = file.camera;
  const camera: Camera = { ...pinhole, worldToCamera: world_to_camera };
  const pixels = camera.width * camera.height;
  const splats: ReferenceSplats<Float64Array> = {
    count: file.gaussians,
    shDegree: file.sh_degree,
    ...attributes(file.input, Math.fround),
  };
  return {
    name: file.name,
    input: { splats, camera, background: file.background as unknown as Vec3, antialias: file.antialias },
    output: images(file.output, pixels),
    fragile: Uint8Array.from(file.fragile),
    cotangent: (set) => {
      const all = images(file.cotangent, pixels, Math.fround);
      const none = new Float64Array(pixels);
      return set === "image" ? { image: all.image, alpha: none, depth: none } : all;
    },
    gradient: (set) => attributes(file.gradient[set]),
  };
}

const identity = (value: number): number => value;

const attributes = (fields: SplatFields, round = identity): { [A in Attribute]: Float64Array } => ({
  means: Float64Array.from(fields.position, round),
  quaternions: Float64Array.from(fields.rotation, round),
  logScales: Float64Array.from(fields.log_scale, round),
  opacityLogits: Float64Array.from(fields.opacity_logit, round),
  sh: Float64Array.from(fields.sh, round),
});

/** The files store images [H, W, 3]; ours are [3, H, W]. */
const images = (fields: ImageFields, pixels: number, round = identity): ReferenceImages<Float64Array> => ({
  image: Float64Array.from({ length: 3 * pixels }, (_, k) =>
    round(fields.image[3 * (k % pixels) + Math.floor(k / pixels)]!),
  ),
  alpha: Float64Array.from(fields.alpha, round),
  depth: Float64Array.from(fields.depth, round),
});
