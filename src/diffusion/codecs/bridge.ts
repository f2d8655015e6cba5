import type { AnyValues, ParamSpec } from "../../core/params.ts";
import type { GpuImage } from "../../gpu/image.ts";
import type { Codec, EncodeTape, Latent } from "./codec.ts";

export interface BridgeInput {
  readonly codec: Codec;
  readonly image: GpuImage;
  readonly saved: EncodeTape;
  readonly z: Latent;
  readonly zSource: Latent;
  /** The method's gradient on z. */
  readonly vLatent: Latent;
}

/** A way from the gradient on the latent to a gradient on the image (`exact`, `decode-residual`). */
export interface Bridge {
  readonly id: string;
  readonly label: string;
  readonly cite: string;
  readonly params: ParamSpec;
  imageCotangent(input: BridgeInput, params: AnyValues): Promise<GpuImage>;
}
