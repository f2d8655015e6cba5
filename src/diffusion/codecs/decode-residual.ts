import { resolveParams, slider } from "../../core/params.ts";
import { writeBuffer } from "../../gpu/buffers.ts";
import type { GpuImage } from "../../gpu/image.ts";
import { defineKernel } from "../../gpu/kernel.ts";
import { readFloats } from "../../gpu/readback.ts";
import { CommandRecorder } from "../../gpu/recorder.ts";
import { linearCombination } from "../linear-combination.ts";
import type { Bridge } from "./bridge.ts";
import type { Codec, Latent } from "./codec.ts";

const PARAMS = {
  eta: slider({
    label: "Latent step η",
    help: "How far the latent is moved before it is decoded. Smaller is closer to a derivative.",
    min: 0.001,
    max: 0.1,
    step: 0.001,
    default: 0.01,
  }),
  relax: slider({
    label: "Relaxation",
    help: "Where the edit has changed the picture: how strongly the view is pulled to its own decoding, which removes old edges.",
    min: 0,
    max: 1,
    step: 0.01,
    default: 0.05,
  }),
};

/** The change at which relaxation sets in and is full, in [0, 1] colours: 0.06 and 0.18 of the network's [-1, 1]. */
const CHANGE = { low: 0.03, high: 0.09 };

const changeKernel = defineKernel({
  name: "codec/change",
  bindings: { params: "uniform", a: "read", b: "read", change: "write" },
});
const residualKernel = defineKernel({
  name: "codec/residual",
  bindings: {
    params: "uniform",
    image: "read",
    decoded: "read",
    moved: "read",
    change: "read",
    v_image: "write",
  },
});

/**
 * Forward through the decoder instead of back through the encoder: vImage = D(z) − D(z − η·g), decoder calls only, so
 * it needs no gradient graph and detail that the codec cannot represent stays untouched. With relaxation, pixels that
 * the edit has changed are also pulled to D(z).
 */
export const decodeResidual: Bridge = {
  id: "decode-residual",
  label: "Decode residual",
  cite: "our study of the embedded model; in the spirit of HiFA's image-space loss (Zhu et al. 2024)",
  params: PARAMS,
  async imageCotangent({ codec, image, z, zSource, vLatent }, params) {
    const { eta, relax } = resolveParams(PARAMS, params);
    const moved = linearCombination([
      [1, z],
      [-eta, vLatent],
    ]);
    const source = relax > 0 ? await decodedSource(codec, zSource) : undefined;
    const [decoded, ahead] = (await codec.decodeBatch([z, moved])) as [GpuImage, GpuImage];
    const { channels, height, width } = image;
    const count = channels * height * width;
    const change = codec.buffers.ensure("residual change", 4 * height * width);
    const vImage = codec.buffers.ensure("residual", 4 * count);

    const recorder = new CommandRecorder(codec.gpu, "decode-residual");
    if (source) {
      const before = codec.buffers.ensure("residual source", 4 * count);
      writeBuffer(codec.gpu, before, source);
      recorder.dispatch(
        changeKernel,
        { over: height * width },
        { params: { pixels: height * width, channels }, a: decoded.buffer, b: before, change },
      );
    }
    recorder.dispatch(
      residualKernel,
      { over: height * width },
      {
        params: { width, height, channels, gain: gainOf(eta), relax, ...CHANGE },
        image: image.buffer,
        decoded: decoded.buffer,
        moved: ahead.buffer,
        change,
        v_image: vImage,
      },
    );
    recorder.submit();
    return { buffer: vImage, channels, height, width };
  },
};

/**
 * The residual is an image step of length η; over η it is J_Dec·g, a cotangent by size: on the embedded model its norm
 * is 0.9 to 1.3 of the encoder gradient's, at a cosine of 0.65, so learning rates and Adam's moments carry over from one
 * bridge to the other.
 */
const gainOf = (eta: number): number => 1 / eta;

const decodedSources = new WeakMap<Latent, Promise<Float32Array>>();

/**
 * D(zSource), decoded once: a view's source latent is the same object in every step. Kept on the CPU, where memory
 * goes when the latent goes.
 */
function decodedSource(codec: Codec, zSource: Latent): Promise<Float32Array> {
  let pixels = decodedSources.get(zSource);
  if (!pixels) {
    pixels = decodeToCpu(codec, zSource);
    decodedSources.set(zSource, pixels);
    pixels.catch(() => decodedSources.delete(zSource));
  }
  return pixels;
}

async function decodeToCpu(codec: Codec, z: Latent): Promise<Float32Array> {
  // As many as in a step: on WebGPU another batch size would load the decoder anew.
  const [image] = await codec.decodeBatch([z, z]);
  const { buffer, channels, height, width } = image!;
  return readFloats(codec.gpu, buffer, channels * height * width);
}
