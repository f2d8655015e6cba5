import type { Listing } from "./listing.ts";

/** What a model may be used for, as its publisher says. */
export interface Licence {
  readonly name: string;
  /** Where its text is; undefined where only its name is known. */
  readonly address?: string;
}

/** Licences by the hub's ids: those that models of this kind come under. */
const KNOWN: Readonly<Record<string, Licence>> = {
  "creativeml-openrail-m": {
    name: "CreativeML OpenRAIL-M",
    address: "https://huggingface.co/spaces/CompVis/stable-diffusion-license",
  },
  "openrail++": {
    name: "CreativeML OpenRAIL++-M",
    address: "https://huggingface.co/stabilityai/stable-diffusion-2/blob/main/LICENSE-MODEL",
  },
  openrail: { name: "OpenRAIL", address: "https://www.licenses.ai" },
  mit: { name: "MIT", address: "https://opensource.org/license/mit" },
  "apache-2.0": { name: "Apache 2.0", address: "https://www.apache.org/licenses/LICENSE-2.0" },
  "cc-by-4.0": { name: "CC BY 4.0", address: "https://creativecommons.org/licenses/by/4.0/" },
  "cc-by-nc-4.0": { name: "CC BY-NC 4.0", address: "https://creativecommons.org/licenses/by-nc/4.0/" },
};

export function licenceOf({ id, name, address }: NonNullable<Listing["licence"]>): Licence {
  const known = KNOWN[id];
  const link = address ?? known?.address;
  return { name: name ?? known?.name ?? id, ...(link && { address: link }) };
}
