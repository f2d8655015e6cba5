import type { ModelLocation } from "./location.ts";
import type { Net } from "./net.ts";
import { listAddress } from "./address-listing.ts";
import { listHub } from "./hub-listing.ts";

export interface RemoteFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly size?: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256?: string;
}

/** What is known of a folder elsewhere before any weights are fetched. */
export interface Listing {
  readonly files: readonly RemoteFile[];
  /** Whether these are all there are; otherwise they are those that were asked for. */
  readonly isWhole: boolean;
  /** The address they lie under, with a slash at its end. Where it can, it names a state that never changes. */
  readonly base: string;
  readonly licence?: { readonly id: string; readonly name?: string; readonly address?: string };
}

/** Throws a UserError when nothing is there or it may not be read. */
export const listRemote = (net: Net, location: ModelLocation, signal?: AbortSignal): Promise<Listing> =>
  location.kind === "hub" ? listHub(net, location, signal) : listAddress(net, location.url, signal);
