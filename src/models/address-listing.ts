import { UserError } from "../core/errors.ts";
import { PARTS } from "../diffusion/ports.ts";
import { sizeOf } from "./answer.ts";
import { usualPlaces } from "./layout-rules.ts";
import type { Listing, RemoteFile } from "./listing.ts";
import { encodePath } from "./location.ts";
import { request, statusError } from "./net.ts";
import type { Net } from "./net.ts";

const PARALLEL_REQUESTS = 6;

/** Asks for each place that models keep their files in: a plain server lists nothing. */
export async function listAddress(net: Net, base: string, signal?: AbortSignal): Promise<Listing> {
  const places = [...usualPlaces(PARTS)];
  const files: RemoteFile[] = [];
  const work = async (): Promise<void> => {
    for (let path = places.shift(); path !== undefined; path = places.shift()) {
      const file = await lookUp(net, base, path, signal);
      if (file) files.push(file);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_REQUESTS }, work));
  if (files.length > 0) return { files, isWhole: false, base };
  throw new UserError(
    `Nothing of a model was found under ${base}.`,
    "The address should be that of the folder that holds unet, vae_encoder, vae_decoder, text_encoder and tokenizer.",
  );
}

/** Methods that a server may not have; a file that it does not let be read is no file. */
const NO_HEAD = [405, 501];
const NOT_THERE = [404, 410, 403, 401];

/** Whether a file is there, and how large. Throws when the server cannot be asked. */
export async function lookUp(
  net: Net,
  base: string,
  path: string,
  signal?: AbortSignal,
): Promise<RemoteFile | undefined> {
  const url = base + encodePath(path);
  const init = signal && { signal };
  // A request for a part is answered uncompressed, so that the length told is the file's.
  const headers = { Range: "bytes=0-0" };
  let response = await request(net, url, { ...init, headers, method: "HEAD" });
  if (NO_HEAD.includes(response.status)) {
    response = await request(net, url, { ...init, headers });
    await response.body?.cancel().catch(() => undefined);
  }
  if (response.headers.get("X-Error-Code") === "GatedRepo") throw statusError(response, url);
  if (NOT_THERE.includes(response.status)) return undefined;
  if (!response.ok && response.status !== 416) throw statusError(response, url);
  // A server of single-page apps answers everything with its page.
  if (response.headers.get("Content-Type")?.startsWith("text/html")) return undefined;
  const size = response.status === 416 ? 0 : sizeOf(response);
  return { path, ...(size !== undefined && { size }) };
}
