import { readFileSync } from "node:fs";
import type { Model } from "../model.ts";
import { readModel } from "../read.ts";
import type { Feed } from "./run-model.ts";

interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
interface GoldenFile {
  readonly wrt: string;
  readonly inputs: Readonly<Record<string, GoldenTensor>>;
  readonly output: GoldenTensor & { readonly name: string };
  readonly cotangent: readonly number[];
  readonly gradient: readonly number[];
}

export interface Golden {
  readonly wrt: string;
  readonly output: string;
  readonly bytes: Uint8Array;
  readonly model: Model;
  readonly inputs: Readonly<Record<string, Feed>>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Feed;
  readonly cotangent: Feed;
  readonly gradient: Feed;
}

const file = (name: string): URL => new URL(`../golden/${name}`, import.meta.url);

/** A network of Stable Diffusion's structure with gradients from float64 autograd: "vae_encoder" or "unet". */
export function readGolden(name: string): Golden {
  const golden = JSON.parse(readFileSync(file(`${name}.json`), "utf8")) as GoldenFile;
  const bytes = readFileSync(file(`${name}.onnx`));
  const inputs = Object.entries(golden.inputs);
  const dims = golden.output.shape;
  return {
    wrt: golden.wrt,
    output: golden.output.name,
    bytes,
    model: readModel(bytes),
    inputs: Object.fromEntries(inputs.map(([input, { shape, data }]) => [input, { dims: shape, data }])),
    shapes: Object.fromEntries(inputs.map(([input, { shape }]) => [input, shape])),
    outputs: { dims, data: golden.output.data },
    cotangent: { dims, data: golden.cotangent },
    gradient: { dims: golden.inputs[golden.wrt]!.shape, data: golden.gradient },
  };
}

/** ‖a − b‖ / ‖b‖ */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}
