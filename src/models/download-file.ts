import { UserError } from "../core/errors.ts";
import { bytesInWords } from "../formats/words.ts";
import { chunksOf, judge, sizeOf } from "./answer.ts";
import type { ByteStore, ByteWriter } from "./byte-store.ts";
import { ConnectionError, request, statusError } from "./net.ts";
import type { Net } from "./net.ts";
import { delayAfter, sleep, watchdog } from "./retry.ts";
import type { Patience } from "./retry.ts";
import { createSha256, hashBlob } from "./sha256.ts";
import type { Sha256 } from "./sha256.ts";

export interface FileOrder {
  readonly url: string;
  /** Where in the store. What is there already is the beginning of the file. */
  readonly path: string;
  readonly bytes?: number | undefined;
  /** In hexadecimal. */
  readonly sha256?: string | undefined;
  /** The server's mark of the state that the beginning is from. */
  readonly etag?: string | undefined;
}

/** What a file turned out to be. */
export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

export type FileState = "checking" | "downloading" | "waiting";

export interface FileEvents {
  /** `bytes` of the file are there; or were checked, of those that are. */
  onProgress(state: FileState, bytes: number): void;
  /** Before the first byte of an answer is kept: what is needed to go on with it later. */
  onAnswer(facts: { readonly etag?: string; readonly bytes?: number }): Promise<void>;
}

export interface Tools {
  readonly store: ByteStore;
  readonly net: Net;
  readonly patience: Patience;
}

/** The file that arrived is not the one that was promised. Nothing of it is kept. */
export class DamagedFileError extends UserError {
  constructor(message: string) {
    super(message, "Start the download again: this file is fetched anew, the others are kept.");
    this.name = "DamagedFileError";
  }
}

/**
 * Fetches one file into the store, going on where an earlier attempt ended, and checks its hash. Connections that drop
 * are taken up again; what has arrived is kept whatever happens, unless it is wrong. Throws a UserError, or the
 * signal's reason.
 */
export async function downloadFile(
  order: FileOrder,
  tools: Tools,
  events: FileEvents,
  signal: AbortSignal,
): Promise<FileFacts> {
  const part = await openPart(order, tools.store, events, signal);
  try {
    for (let attempt = 0; !isComplete(part, order);) {
      const before = part.bytes;
      try {
        await fetchRest(part, order, tools, events, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (part.bytes > before) attempt = 0;
        const delay = delayAfter(error, attempt++, tools.patience);
        if (delay === undefined) throw error;
        events.onProgress("waiting", part.bytes);
        await sleep(delay, signal);
      }
    }
  } finally {
    await part.writer.close();
  }
  return check(part, order, tools.store);
}

/** The beginning of a file, open at its end. Changes as bytes arrive. */
interface Part {
  writer: ByteWriter;
  hash: Sha256;
  bytes: number;
  etag: string | undefined;
  /** The size by the server's answer, where the order does not say. */
  total: number | undefined;
  /** The server has sent all of a file whose size nobody told. */
  isEnded: boolean;
}

const isComplete = ({ bytes, total, isEnded }: Part, order: FileOrder): boolean =>
  isEnded || bytes === (order.bytes ?? total);

async function openPart(
  order: FileOrder,
  store: ByteStore,
  { onProgress }: FileEvents,
  signal: AbortSignal,
): Promise<Part> {
  const hash = await createSha256();
  const there = (await store.size(order.path)) ?? 0;
  // More than the whole is no beginning of it.
  const bytes = there > (order.bytes ?? Infinity) ? 0 : there;
  if (bytes > 0) {
    onProgress("checking", 0);
    await hashBlob(hash, await store.open(order.path), signal, (read) => onProgress("checking", read));
  }
  const writer = await store.append(order.path, bytes);
  return { writer, hash, bytes, etag: order.etag, total: undefined, isEnded: false };
}

async function startAnew(part: Part, { path }: FileOrder, store: ByteStore): Promise<void> {
  await part.writer.close();
  part.writer = await store.append(path, 0);
  part.hash = await createSha256();
  part.bytes = 0;
}

/** One request for what is missing. Throws a ConnectionError when less came. */
async function fetchRest(
  part: Part,
  order: FileOrder,
  { store, net, patience }: Tools,
  { onProgress, onAnswer }: FileEvents,
  signal: AbortSignal,
): Promise<void> {
  const { url } = order;
  const guard = watchdog(signal, patience.stall, url);
  try {
    // Also for a whole file: browsers ask for it uncompressed then, so that the answer's length is the file's.
    const headers = { Range: `bytes=${part.bytes}-` };
    // A browser's cache would keep a copy of gigabytes that lie in storage anyway.
    const response = await request(net, url, { signal: guard.signal, headers, cache: "no-store" });
    const answer = judge(response, part, order.sha256 !== undefined);
    if (answer !== "rest" && answer !== "whole") await response.body?.cancel().catch(() => undefined);
    if (answer === "refused") throw statusError(response, url);
    if (answer === "changed" || (answer === "whole" && part.bytes > 0)) await startAnew(part, order, store);
    if (answer === "changed") throw new ConnectionError(`${url} has changed since the download began.`);

    part.etag = response.headers.get("ETag") ?? undefined;
    part.total = sizeOf(response);
    const promised = order.bytes ?? part.total;
    if (part.total !== undefined && part.total !== promised) throw wrongSize(url, part.total, promised!);
    await onAnswer({
      ...(part.etag !== undefined && { etag: part.etag }),
      ...(part.total !== undefined && { bytes: part.total }),
    });
    if (answer === "end") return;
    for await (const chunk of chunksOf(response, url, guard.signal)) {
      guard.alive();
      if (part.bytes + chunk.length > (promised ?? Infinity)) throw wrongSize(url, Infinity, promised!);
      await part.writer.write(chunk);
      part.hash.update(chunk);
      part.bytes += chunk.length;
      onProgress("downloading", part.bytes);
      if (part.bytes === promised) break; // an answer may take long to end after its last byte
    }
    part.isEnded = promised === undefined;
    if (!isComplete(part, order)) throw new ConnectionError(`The connection to ${url} was cut.`);
  } catch (error) {
    // The watchdog's own reason says more than "aborted".
    if (guard.signal.aborted && !signal.aborted) throw guard.signal.reason;
    throw error;
  } finally {
    guard.end();
  }
}

const wrongSize = (url: string, bytes: number, promised: number): DamagedFileError =>
  new DamagedFileError(
    `${url} is not the file it should be: it has ${bytes === Infinity ? "more" : bytesInWords(bytes)} ` +
      `and should have ${bytesInWords(promised)}.`,
  );

async function check({ bytes, hash }: Part, order: FileOrder, store: ByteStore): Promise<FileFacts> {
  const sha256 = hash.digest();
  if (order.sha256 === undefined || order.sha256 === sha256) return { bytes, sha256 };
  await store.remove(order.path);
  throw new DamagedFileError(
    `${order.url} is not the file it should be: its SHA-256 is ${sha256.slice(0, 12)}… and should be ` +
      `${order.sha256.slice(0, 12)}….`,
  );
}
