import type { Licence } from "../../models/licence.ts";

export function LicenceLink({ licence: { name, address } }: { readonly licence: Licence }) {
  if (address === undefined) return name;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {name}
    </a>
  );
}
