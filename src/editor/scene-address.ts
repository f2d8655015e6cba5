import { memoryError, UserError } from "../core/errors.ts";

export interface FetchedScene {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** Bytes that have come, and how many there will be if the server says. */
export type OnBytes = (loaded: number, total: number | undefined) => void;

/** Pages about a file, as people copy their addresses, and the file itself. */
const PAGES_OF_FILES: readonly (readonly [page: RegExp, file: string])[] = [
  [/^(https:\/\/huggingface\.co\/.+)\/blob\//, "$1/resolve/"],
  [/^https:\/\/github\.com\/([^/]+\/[^/]+)\/blob\//, "https://raw.githubusercontent.com/$1/"],
];

/** The most that one ArrayBuffer holds in every browser. */
const MAX_BYTES = 2 ** 31 - 1;

const CORS_HINT =
  "Check the address and the connection. The server also has to let other sites' pages read its files (CORS); " +
  "if it does not, download the file and open it from disk.";

/** First match wins. */
const REFUSALS: readonly { statuses: readonly number[]; says: string; hint: string }[] = [
  { statuses: [404, 410], says: "is not there", hint: "Check the address." },
  {
    statuses: [401, 403],
    says: "may not be read",
    hint: "Download it where you have access; then open it from disk.",
  },
  {
    statuses: [429, 500, 502, 503, 504],
    says: "cannot be had at the moment",
    hint: "Try again in some minutes.",
  },
];

const tooLarge = (what: string): UserError =>
  new UserError(`${what} is larger than 2 GiB.`, "Thin it out with another tool first.");

/** What a file on this machine holds. Throws a UserError for one that is too large, or cannot be read any more. */
export async function readFile(file: File): Promise<ArrayBuffer> {
  if (file.size > MAX_BYTES) throw tooLarge(`“${file.name}”`);
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    const hint = "It may have been changed, moved or deleted since it was chosen: open it again.";
    throw memoryError(cause) ?? new UserError(`“${file.name}” could not be read.`, hint, { cause });
  }
}

/** Whether a text is an address rather than anything else that may be pasted. */
export const looksLikeAddress = (text: string): boolean => /^https?:\/\/\S+$/.test(text.trim());

/** The address of a scene file as typed or pasted. Throws a UserError for anything that is none. */
export function sceneAddress(text: string, base: string): URL {
  const typed = PAGES_OF_FILES.reduce((address, [page, file]) => address.replace(page, file), text.trim());
  const url = URL.canParse(typed, base) ? new URL(typed, base) : undefined;
  if (!typed || !url || !/^https?:$/.test(url.protocol)) {
    throw new UserError(`“${text}” is not an address of a scene.`, "Give one that begins with https://.");
  }
  if (location.protocol === "https:" && url.protocol === "http:") url.protocol = "https:";
  return url;
}

/**
 * Loads a scene file as it streams in. Throws a UserError that says why it cannot be had, an AbortError if the signal
 * ends it.
 */
export async function fetchScene(url: URL, onBytes: OnBytes, signal?: AbortSignal): Promise<FetchedScene> {
  const response = await fetch(url, { signal: signal ?? null }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new UserError(`${url.href} could not be reached.`, CORS_HINT, { cause });
  });
  if (!response.ok) {
    const { status } = response;
    const refusal = REFUSALS.find(({ statuses }) => statuses.includes(status));
    const says = `${refusal?.says ?? "cannot be had"} (status ${status}).`;
    throw new UserError(`${url.href} ${says}`, refusal?.hint ?? CORS_HINT);
  }
  if (response.headers.get("Content-Type")?.startsWith("text/html")) {
    void response.body?.cancel();
    throw new UserError(
      `${url.href} is a page, not a scene file.`,
      "Open it, and copy the address of its download.",
    );
  }
  const total = Number(response.headers.get("Content-Length")) || undefined;
  if (total !== undefined && total > MAX_BYTES) {
    void response.body?.cancel();
    throw tooLarge(url.href);
  }
  return { name: nameOf(url), bytes: await bytesOf(response, url, total, onBytes, signal) };
}

async function bytesOf(
  { body }: Response,
  url: URL,
  total: number | undefined,
  onBytes: OnBytes,
  signal: AbortSignal | undefined,
): Promise<ArrayBuffer> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let loaded = 0;
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk as Uint8Array<ArrayBuffer>);
      loaded += chunk.length;
      onBytes(loaded, total);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw new UserError(`The connection to ${url.host} broke off.`, "Try again.", { cause });
  }
  return new Blob(chunks).arrayBuffer();
}

function nameOf({ pathname, host }: URL): string {
  const last = pathname.split("/").filter(Boolean).at(-1);
  try {
    return decodeURIComponent(last ?? host);
  } catch {
    return last ?? host; // not percent-encoded UTF-8
  }
}
