import { assert } from "../../core/assert.ts";
import { createRng } from "../../core/rng.ts";
import { tensor } from "../../core/tensor.ts";
import type { GpuImage } from "../../gpu/image.ts";
import { readFloats } from "../../gpu/readback.ts";
import type { Codec } from "./codec.ts";

/**
 * How alike two codecs' gradients are: the cosine between the image cotangents that both give for one image and one
 * latent cotangent, white noise. 1 where an edit would move the scene the same way, 0 where they have nothing in
 * common. Lengths do not count: Adam takes them out.
 */
export async function gradientAgreement(a: Codec, b: Codec, image: GpuImage): Promise<number> {
  const gradientOf = async (codec: Codec): Promise<Float32Array> => {
    const { out, saved } = await codec.forward(image);
    const rng = createRng("gradient agreement");
    const vLatent = tensor(
      out.data.map(() => rng.normal()),
      out.shape,
    );
    const { buffer, channels, height, width } = await codec.vjp(saved, vLatent);
    return readFloats(codec.gpu, buffer, channels * height * width);
  };
  return cosine(await gradientOf(a), await gradientOf(b));
}

function cosine(a: Float32Array, b: Float32Array): number {
  assert(a.length === b.length, "gradient agreement: the codecs' latents differ in shape");
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    ab += value * b[i]!;
    aa += value * value;
    bb += b[i]! * b[i]!;
  }
  return ab / Math.sqrt(aa * bb);
}
