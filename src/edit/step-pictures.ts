import type { Codec } from "../diffusion/codecs/codec.ts";
import type { GpuImage } from "../gpu/image.ts";
import { readFloats } from "../gpu/readback.ts";
import type { StepPictures, WantedPictures } from "./events.ts";
import { gradientPicture, imagePicture, type RgbaPicture } from "./pictures.ts";
import type { ViewReport } from "./step.ts";

/** Pictures of a step's last view. What was not asked for costs nothing. */
export async function picturesOf(
  { z, terms, image, vImage, toImage }: ViewReport,
  codec: Codec,
  { term: wanted, decoded: wantsDecoded = false }: WantedPictures = {},
): Promise<Omit<StepPictures, "step">> {
  const shown = async (of: GpuImage, draw: typeof imagePicture): Promise<RgbaPicture> => {
    const { buffer, channels, width, height } = of;
    return draw(await readFloats(codec.gpu, buffer, channels * width * height), width, height);
  };
  const [view, gradient] = await Promise.all([shown(image, imagePicture), shown(vImage, gradientPicture)]);
  const term = terms.find(({ name }) => name === wanted);
  // Only now: the bridge writes over the total's picture.
  const ofTerm = term && (await shown(await toImage(term.value), gradientPicture));
  // As many as the decode-residual bridge has: on WebGPU another batch size would load the decoder anew.
  const [decoded] = wantsDecoded ? await codec.decodeBatch([z, z]) : [];
  return {
    ...{ view, gradient },
    ...(ofTerm && { term: { name: term.name, picture: ofTerm } }),
    ...(decoded && { decoded: await shown(decoded, imagePicture) }),
  };
}
