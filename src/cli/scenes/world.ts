/**
 * The renderer of the embedded model's world (models/train/renderer) as seen from Node: it is built with `make` and
 * run once per batch of views.
 */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Camera, Vec3 } from "../../camera/camera.ts";
import { lookAt } from "../../camera/pose.ts";
import { assert } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import { root } from "../root.ts";
import { ATTRIBUTE_NAMES, ATTRIBUTE_WORDS, indexOf } from "./attributes.ts";
import type { StillLife } from "./attributes.ts";

/** An eye on a sphere around a target; y is up, angles in radians, the field of view in degrees. */
export interface WorldOrbit {
  readonly azimuth: number;
  readonly elevation: number;
  readonly distance: number;
  readonly fov: number;
  readonly target: Vec3;
}

export const SURFACE = { object: 1, ground: 2, sky: 3 } as const;

/** A picture and what every pixel's ray met first. */
export interface WorldView {
  readonly camera: Camera;
  readonly eye: Vec3;
  readonly image: Float32Array; // [3, size, size], [0, 1]
  readonly surface: Uint8Array; // [size, size], one of SURFACE
  readonly position: Float32Array; // [size, size, 3]
  readonly normal: Float32Array; // [size, size, 3]
}

const sources = join(root, "models/train/renderer");
const built = join(root, ".cache/renderer");

/** Compiles the renderer if its sources changed. Throws a UserError where there is no compiler. */
export function buildRenderer(): void {
  const { status, stderr, error } = spawnSync("make", ["--silent", "-C", sources, `OUT=${built}`], {
    encoding: "utf8",
  });
  if (status === 0) return;
  throw new UserError(
    `The scene renderer could not be compiled: ${error?.message ?? stderr.trim()}`,
    "Install a C compiler and make (Debian, Ubuntu: apt-get install build-essential; macOS: xcode-select --install).",
  );
}

/** Renders views of one still life, each [size, size]. */
export async function renderViews(
  still: StillLife,
  orbits: readonly WorldOrbit[],
  size: number,
): Promise<WorldView[]> {
  const ids = ATTRIBUTE_NAMES.map((name) => {
    const id = indexOf(name, still[name]);
    assert(id >= 0, `${name}: got “${still[name]}”, expected one of ${ATTRIBUTE_WORDS[name].join(", ")}`);
    return id;
  });
  const lines = orbits.map(({ azimuth, elevation, distance, fov, target }) =>
    [azimuth, elevation, distance, fov, ...target].join(" "),
  );
  const bytes = await run([...ids, still.seed, size].map(String), lines.join("\n"));
  const stride = 48 + size * size * (3 + 1 + 12 + 12);
  assert(
    bytes.length === stride * orbits.length,
    `renderer: got ${bytes.length} bytes for ${orbits.length} views`,
  );
  return orbits.map((orbit, i) => parseView(bytes.slice(i * stride, (i + 1) * stride), orbit, size));
}

function parseView(bytes: Uint8Array<ArrayBuffer>, { fov }: WorldOrbit, size: number): WorldView {
  const pixels = size * size;
  let at = 0;
  const take = (length: number): Uint8Array<ArrayBuffer> => bytes.slice(at, (at += length));
  const floats = (count: number): Float32Array => new Float32Array(take(4 * count).buffer);
  const axes = floats(12);
  const [image, surface] = [planes(take(3 * pixels)), take(pixels)];
  const [position, normal] = [floats(3 * pixels), floats(3 * pixels)];

  const eye: Vec3 = [axes[0]!, axes[1]!, axes[2]!];
  const forward: Vec3 = [axes[9]!, axes[10]!, axes[11]!];
  const focal = size / 2 / Math.tan((fov * Math.PI) / 360);
  const camera: Camera = {
    width: size,
    height: size,
    fx: focal,
    fy: focal,
    cx: size / 2,
    cy: size / 2,
    near: 0.01,
    worldToCamera: lookAt(eye, [eye[0] + forward[0], eye[1] + forward[1], eye[2] + forward[2]], [0, 1, 0]),
  };
  return { camera, eye, image, surface, position, normal };
}

/** Interleaved bytes as planes in [0, 1]. */
function planes(bytes: Uint8Array): Float32Array {
  const pixels = bytes.length / 3;
  return Float32Array.from(bytes, (_, i) => bytes[3 * (i % pixels) + Math.floor(i / pixels)]! / 255);
}

function run(args: readonly string[], input: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(built, "render"), args, { stdio: ["pipe", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(new Uint8Array(Buffer.concat(chunks)));
      else reject(new Error(`renderer: exit code ${code}`));
    });
    child.stdin.end(input);
  });
}
