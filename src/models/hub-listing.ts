import { UserError } from "../core/errors.ts";
import { listAddress } from "./address-listing.ts";
import type { Listing, RemoteFile } from "./listing.ts";
import { baseAddress, encodePath, nameOf } from "./location.ts";
import type { HubLocation } from "./location.ts";
import { fetchJson, NotJsonError, requestGood, StatusError } from "./net.ts";
import type { Net } from "./net.ts";

/** The fields read of the hub's answer about a repository. */
interface RepositoryInfo {
  /** Commit that the revision stands at. */
  readonly sha?: string;
  readonly cardData?: { readonly [field: string]: unknown } | null;
}

/** An entry of the hub's tree. Files in its large file storage are named by the SHA-256 of their content. */
interface TreeEntry {
  readonly type: string;
  readonly path: string;
  readonly size?: number;
  readonly lfs?: { readonly oid: string; readonly size: number };
}

/**
 * Names, sizes and hashes of all files by the hub's own interface. A mirror that serves files and no interface is asked
 * file by file.
 */
export async function listHub(net: Net, location: HubLocation, signal?: AbortSignal): Promise<Listing> {
  const { repository, revision, folder } = location;
  const api = `${net.hub}/api/models/${repository}`;
  let info: RepositoryInfo;
  try {
    info = (await fetchJson(
      net,
      `${api}/revision/${encodeURIComponent(revision)}`,
      signal,
    )) as RepositoryInfo;
  } catch (error) {
    if (!isNoInterface(error)) throw error;
    return listAddress(net, baseAddress(location, net.hub), signal);
  }
  const commit = info.sha ?? revision;
  const tree = await readTree(net, treeAddress(api, commit, folder), signal);
  const prefix = folder === "" ? "" : `${folder}/`;
  const files = tree.flatMap((entry) => fileOf(entry, prefix));
  if (files.length === 0)
    throw new UserError(`${nameOf(location)} is empty.`, "Check the address of the model.");
  const licence = licenceOf(info, `${net.hub}/${repository}`);
  return { files, isWhole: true, base: baseAddress(location, net.hub, commit), ...(licence && { licence }) };
}

/** A server that knows nothing of the interface, rather than one that knows of no such repository. */
const isNoInterface = (error: unknown): boolean =>
  error instanceof NotJsonError ||
  (error instanceof StatusError && error.status === 404 && error.code === "");

const treeAddress = (api: string, commit: string, folder: string): string =>
  `${api}/tree/${encodeURIComponent(commit)}${folder === "" ? "" : `/${encodePath(folder)}`}?recursive=true`;

/** All pages. */
async function readTree(net: Net, first: string, signal?: AbortSignal): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  for (let url: string | undefined = first; url !== undefined;) {
    const response = await requestGood(net, url, signal && { signal });
    const page: unknown = await response.json().catch(() => undefined);
    if (!Array.isArray(page)) throw new NotJsonError(url);
    entries.push(...(page as TreeEntry[]));
    const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("Link") ?? "")?.[1];
    url = next === undefined ? undefined : new URL(next, url).href;
  }
  return entries;
}

function fileOf({ type, path, size, lfs }: TreeEntry, prefix: string): RemoteFile[] {
  if (type !== "file" || !path.startsWith(prefix)) return [];
  const bytes = lfs?.size ?? size;
  return [
    {
      path: path.slice(prefix.length),
      ...(bytes !== undefined && { size: bytes }),
      ...(lfs && { sha256: lfs.oid.replace(/^sha256:/, "").toLowerCase() }),
    },
  ];
}

function licenceOf({ cardData }: RepositoryInfo, page: string): Listing["licence"] {
  const text = (key: string): string | undefined => {
    const value = cardData?.[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const id = text("license");
  if (id === undefined) return undefined;
  const name = text("license_name");
  const link = text("license_link");
  const address = link === undefined ? undefined : new URL(link, `${page}/blob/main/`).href;
  return { id, ...(name && { name }), ...(address && { address }) };
}
