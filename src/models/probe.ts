import { UserError } from "../core/errors.ts";
import { findPorts } from "../diffusion/ports.ts";
import type { Part } from "../diffusion/ports.ts";
import { weightLocations } from "../diffusion/weight-files.ts";
import { describe } from "../onnx/model.ts";
import { readModel } from "../onnx/read.ts";
import { lookUp } from "./address-listing.ts";
import { refuseLack, refuseWrong } from "./complaints.ts";
import { checkKind } from "./foreign.ts";
import { findLayout, placeWeights, WHOLE_MODEL } from "./layout.ts";
import type { Layout, LayoutOptions, PlacedFile, Purpose } from "./layout.ts";
import { licenceOf } from "./licence.ts";
import type { Licence } from "./licence.ts";
import { listRemote } from "./listing.ts";
import type { Listing, RemoteFile } from "./listing.ts";
import { encodePath, nameOf } from "./location.ts";
import type { ModelLocation } from "./location.ts";
import { requestGood } from "./net.ts";
import type { Net } from "./net.ts";

/** A file to be fetched. */
export interface OfferedFile {
  /** In the diffusers ONNX layout. */
  readonly path: string;
  readonly url: string;
  /** Size and SHA-256 (in hexadecimal), where the server or the catalogue tells. */
  readonly bytes?: number;
  readonly sha256?: string;
}

/** A model that was looked at and could be fetched: all that a user should know first. Survives structured cloning. */
export interface Offer {
  /** What it is stored under. */
  readonly id: string;
  readonly title: string;
  readonly purpose: Purpose;
  readonly location: ModelLocation;
  readonly files: readonly OfferedFile[];
  /** Of all files whose size is known. */
  readonly bytes: number;
  /** To be shown, and agreed to, before the download. */
  readonly licence?: Licence;
  /** Choices made for the user, defaults taken. */
  readonly notes: readonly string[];
}

/** Graphs up to this size are read at once: their weights lie elsewhere, and they tell where. */
const GRAPH_BYTES = 8 << 20;
/** An unresolved pointer of Git LFS is about 130 bytes; no network is as small. */
const POINTER_BYTES = 200;
/**
 * Finds out whether a folder elsewhere holds a model that we can run, without fetching weights: by its listing, its
 * small JSON files, and those graphs whose weights lie in files of their own. Throws a UserError that names all that
 * is missing, or what is wrong.
 */
export async function probe(
  net: Net,
  location: ModelLocation,
  options: LayoutOptions = WHOLE_MODEL,
  signal?: AbortSignal,
): Promise<Offer> {
  const name = nameOf(location);
  const listing = await listRemote(net, location, signal);
  const sizes = new Map(listing.files.map((file) => [file.path, file]));
  const layout = findLayout([...sizes.keys()], options);
  const source: Probed = { net, listing, layout, sizes, ...(signal && { signal }) };

  await checkKind(name, (path) => readSmallJson(source, path));
  refuseLack(name, layout.missing, options.purpose);
  const pointers = layout.graphs.filter(({ from }) => (sizes.get(from)?.size ?? Infinity) < POINTER_BYTES);
  refuseWrong(
    name,
    "holds only Git LFS pointers in place of",
    pointers.map(({ from }) => from),
  );

  const weights = (await Promise.all(layout.graphs.map((graph) => weightsOf(source, graph)))).flat();
  const absent = weights.filter(({ from }) => !sizes.has(from));
  refuseWrong(
    name,
    "lacks weights that its graphs refer to:",
    absent.map(({ from }) => from),
  );

  const placed = [...new Map([...layout.files, ...weights].map((file) => [file.path, file])).values()];
  const files = placed.map((file) => offered(file, listing.base, sizes.get(file.from)!));
  return {
    id: name,
    title: name,
    purpose: options.purpose,
    location,
    files,
    bytes: files.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
    ...(listing.licence && { licence: licenceOf(listing.licence) }),
    notes: [...layout.notes, ...unknownSizes(files)],
  };
}

interface Probed {
  readonly net: Net;
  readonly listing: Listing;
  readonly layout: Layout;
  /** What is known of each file; those found later are added. */
  readonly sizes: Map<string, RemoteFile>;
  readonly signal?: AbortSignal;
}

async function readSmallJson(probed: Probed, path: string): Promise<Record<string, unknown> | undefined> {
  const file = probed.layout.files.find((placed) => placed.path === path);
  if (!file) return undefined;
  const text = new TextDecoder().decode(await readWhole(probed, file.from));
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch (cause) {
    throw new UserError(`${file.from} of the model is not JSON.`, "Check it at its source.", { cause });
  }
}

async function readWhole({ net, listing, signal }: Probed, path: string): Promise<Uint8Array> {
  const response = await requestGood(net, listing.base + encodePath(path), signal && { signal });
  return new Uint8Array(await response.arrayBuffer());
}

/** The files that a graph says its weights are in; also checks that it is the network that its place says. */
async function weightsOf(
  probed: Probed,
  graph: PlacedFile & { readonly part: Part },
): Promise<readonly PlacedFile[]> {
  const size = probed.sizes.get(graph.from)?.size;
  if (size === undefined || size > GRAPH_BYTES) return [];
  const model = about(graph.from, await readWhole(probed, graph.from), graph.part);
  const places = weightLocations(model).map((location) => placeWeights(graph, location));
  if (!probed.listing.isWhole) await Promise.all(places.map(({ from }) => lookUpLate(probed, from)));
  return places;
}

function about(path: string, bytes: Uint8Array, part: Part) {
  try {
    const model = readModel(bytes);
    findPorts(part, describe(model));
    return model;
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(`${path}: ${cause.message}`, cause.hint, { cause });
  }
}

async function lookUpLate({ net, listing, sizes, signal }: Probed, path: string): Promise<void> {
  if (sizes.has(path)) return;
  const file = await lookUp(net, listing.base, path, signal);
  if (file) sizes.set(path, file);
}

function offered({ path, from }: PlacedFile, base: string, { size, sha256 }: RemoteFile): OfferedFile {
  return {
    path,
    url: base + encodePath(from),
    ...(size !== undefined && { bytes: size }),
    ...(sha256 !== undefined && { sha256 }),
  };
}

const unknownSizes = (files: readonly OfferedFile[]): string[] =>
  files.some(({ bytes }) => bytes === undefined)
    ? ["The server does not tell the size of every file; the total is larger than shown."]
    : [];
