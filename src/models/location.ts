import { UserError } from "../core/errors.ts";

/** A repository of the hub, or a folder in it. Paths have slashes and neither begin nor end with one. */
export interface HubLocation {
  readonly kind: "hub";
  /** owner/name */
  readonly repository: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** "" for the whole repository. */
  readonly folder: string;
}
/** A folder behind any address. */
export interface AddressLocation {
  readonly kind: "address";
  /** Ends with a slash. */
  readonly url: string;
}
export type ModelLocation = HubLocation | AddressLocation;

export const HUB = "https://huggingface.co";
const HUB_ALIASES = [HUB, "https://hf.co", "https://www.huggingface.co"];

const DEFAULT_REVISION = "main";
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
const HINT =
  "Give a hub repository as owner/name, owner/name/folder@revision or its web address, or the https address of a " +
  "folder in the diffusers ONNX layout.";

/**
 * Reads what a user typed or pasted. Throws a UserError when it can be no model's place.
 * @param hub address of the hub or of a mirror of it
 */
export function parseLocation(text: string, hub = HUB): ModelLocation {
  const trimmed = text.trim();
  if (!/^[a-z][a-z\d+.-]*:/i.test(trimmed)) return repositoryNamed(trimmed);
  if (!URL.canParse(trimmed)) throw new UserError(`“${trimmed}” is not an address.`, HINT);
  const url = new URL(trimmed);
  if ([hub, ...HUB_ALIASES].includes(url.origin)) return hubPage(url);
  return address(url);
}

/** owner/name[/folder][@revision] */
function repositoryNamed(text: string): HubLocation {
  const at = text.indexOf("@");
  const path = at < 0 ? text : text.slice(0, at);
  const revision = at < 0 ? DEFAULT_REVISION : text.slice(at + 1);
  const [owner = "", name = "", ...folder] = path.split("/");
  return checked({ kind: "hub", repository: `${owner}/${name}`, revision, folder: joined(folder) }, text);
}

/** What follows owner/name on the hub's pages: /tree/<revision>/<folder>, /blob/<revision>/<file>, /resolve/… */
function hubPage({ href, pathname }: URL): HubLocation {
  const [owner = "", name = "", page, revision, ...rest] = pathname.split("/").filter(Boolean).map(decoded);
  const isFile = page === "blob" || (page === "resolve" && /\.\w+$/.test(rest.at(-1) ?? ""));
  const folder = joined(isFile ? rest.slice(0, -1) : rest);
  return checked(
    {
      kind: "hub",
      repository: `${owner}/${name}`,
      revision: revision ?? DEFAULT_REVISION,
      folder: isFile ? partOwner(folder) : folder,
    },
    href,
  );
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray percent sign; no repository has one, so `checked` tells
  }
}

/** A link to unet/model.onnx means the model that the UNet belongs to. */
const partOwner = (folder: string): string =>
  folder.replace(/(^|\/)(unet|text_encoder|vae_encoder|vae_decoder|tokenizer|scheduler)$/, "");

const joined = (segments: readonly string[]): string => segments.filter(Boolean).join("/");

function checked(location: HubLocation, text: string): HubLocation {
  const { repository, revision, folder } = location;
  const segments = [...repository.split("/"), ...folder.split("/"), ...revision.split("/")];
  if (REPOSITORY.test(repository) && revision !== "" && !segments.includes("..")) return location;
  throw new UserError(`“${text}” does not name a repository of the hub.`, HINT);
}

function address(url: URL): AddressLocation {
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal)) {
    throw new UserError(`${url.href} is not an https address.`, HINT);
  }
  if (url.search || url.hash) {
    throw new UserError(
      `${url.href} is not the address of a folder: it has a “${url.search ? "?" : "#"}”.`,
      HINT,
    );
  }
  const folder = url.pathname.replace(/\/?model_index\.json$/, "").replace(/\/*$/, "/");
  return { kind: "address", url: url.origin + folder };
}

/** What a model from there is called, and stored under: as short as a user would type it. */
export function nameOf(location: ModelLocation): string {
  if (location.kind === "address") return location.url;
  const { repository, folder, revision } = location;
  return joined([repository, folder]) + (revision === DEFAULT_REVISION ? "" : `@${revision}`);
}

/** The name for reading: a commit by its first digits. */
export const shortName = (name: string): string => name.replace(/(@[\da-f]{7})[\da-f]{33}$/, "$1");

/**
 * The address its files lie under, with a slash at its end.
 * @param revision in place of the location's, e.g. the commit that a branch stood at
 */
export function baseAddress(location: ModelLocation, hub: string, revision?: string): string {
  if (location.kind === "address") return location.url;
  const { repository, folder } = location;
  const at = encodeURIComponent(revision ?? location.revision);
  return `${hub}/${repository}/resolve/${at}/${folder === "" ? "" : `${encodePath(folder)}/`}`;
}

export const encodePath = (path: string): string => path.split("/").map(encodeURIComponent).join("/");
