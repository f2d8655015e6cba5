/** Models on this machine, for the command line: where they are kept, and how they are fetched. */
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { UserError } from "../core/errors.ts";
import { diskFolder } from "../diffusion/folder-source.node.ts";
import type { FolderSource } from "../diffusion/folder-source.ts";
import { bytesInWords } from "../formats/words.ts";
import { arrangedFolder } from "../models/arranged-folder.ts";
import { findOffer, idFor } from "../models/catalogue.ts";
import { diskStore } from "../models/disk-store.node.ts";
import { WHOLE_MODEL, type Purpose } from "../models/layout.ts";
import type { Licence } from "../models/licence.ts";
import { HUB } from "../models/location.ts";
import { createModelStore } from "../models/model-store.ts";
import type { ModelStore, StoredModel } from "../models/model-store.ts";
import type { Net } from "../models/net.ts";
import type { Offer } from "../models/probe.ts";
import { createDownloadProgress } from "./download-progress.ts";
import type { Interrupts } from "./program.ts";

/** SPLATSMITH_MODELS, or the user's cache folder as the XDG specification has it. */
export const cacheFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  env["SPLATSMITH_MODELS"] ??
  join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "splatsmith", "models");

/** HF_ENDPOINT names a mirror, as it does for the hub's own tools. */
export const net = (env: NodeJS.ProcessEnv = process.env): Net => ({
  fetch,
  hub: (env["HF_ENDPOINT"] ?? HUB).replace(/\/+$/, ""),
});

export const openCache = (): ModelStore => createModelStore({ store: diskStore(cacheFolder()), net: net() });

export interface FetchOptions {
  /** The user agreed to the licence on the command line. */
  readonly acceptLicence: boolean;
  /** A whole model unless given, or an encoder alone. */
  readonly purpose?: Purpose;
  readonly prefer?: "fp16" | "fp32" | undefined;
  readonly quiet: boolean;
  readonly interrupts: Interrupts;
}

/** A model that is meant by a folder's path, an id of the catalogue, a repository of the hub or an address. */
export async function openModel(text: string, options: FetchOptions): Promise<FolderSource> {
  const { purpose = WHOLE_MODEL.purpose } = options;
  if (isPath(text)) {
    return arrangedFolder(diskFolder(text), { ...WHOLE_MODEL, purpose });
  }
  const cache = openCache();
  const known = await storedAs(cache, text, purpose);
  if (known !== undefined) return cache.open(known);
  return cache.open(await fetchModel(cache, text, options));
}

/** A path is one that is there, or looks like no name on the hub. */
function isPath(text: string): boolean {
  const looksLikePath = /^(\.{1,2}([\\/]|$)|[\\/~]|[a-z]:[\\/])/i.test(text);
  if (existsSync(text)) {
    if (statSync(text).isDirectory()) return true;
    throw new UserError(`${text} is a file.`, "Give the folder of a model.");
  }
  if (looksLikePath) throw new UserError(`There is no folder ${text}.`, "Check the path.");
  return false;
}

/** A complete model needs no network; it has an encoder, too. */
async function storedAs(cache: ModelStore, text: string, purpose: Purpose): Promise<string | undefined> {
  const id = idFor(text, net().hub);
  const serves = ({ state, purpose: is }: StoredModel): boolean =>
    state === "complete" && (is === "model" || is === purpose);
  return (await cache.list()).find((model) => model.id === id && serves(model))?.id;
}

/** Looks, asks, fetches; its id in the cache. Ctrl-C pauses. */
export async function fetchModel(cache: ModelStore, text: string, options: FetchOptions): Promise<string> {
  const { prefer, purpose } = options;
  const offer = await findOffer(net(), text, { ...(prefer && { prefer }), ...(purpose && { purpose }) });
  console.error(`Model   ${offer.title}: ${bytesInWords(offer.bytes)} in ${offer.files.length} files`);
  for (const note of offer.notes) console.error(`Note    ${note}`);
  const accepted = await agreesTo(offer, options.acceptLicence);
  const progress = options.quiet ? undefined : createDownloadProgress();
  options.interrupts.onRequest(() => void cache.pause(offer.id));
  try {
    const outcome = await cache.download(offer, {
      accepted,
      ...(progress && { onProgress: progress.update }),
    });
    if (outcome === "complete") return offer.id;
  } finally {
    progress?.stop();
  }
  console.error("Paused. Start it again to go on where it is.");
  throw new DOMException("paused", "AbortError");
}

async function agreesTo({ title, licence }: Offer, isAccepted: boolean): Promise<boolean> {
  if (!licence) {
    console.error("Licence none named by the publisher");
    return true;
  }
  console.error(`Licence ${licence.name}${licence.address ? `: ${licence.address}` : ""}`);
  if (isAccepted) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw licenceQuestion(title, licence);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question("Do you agree to it? [y/N] ");
  terminal.close();
  if (/^y(es)?$/i.test(answer.trim())) return true;
  throw licenceQuestion(title, licence);
}

const licenceQuestion = (title: string, { name }: Licence): UserError =>
  new UserError(
    `${title} comes under the licence ${name}, and was not fetched.`,
    "Read it, and add --accept-licence if you agree.",
  );
