import { ConnectionError } from "./net.ts";

/** The beginning of a file that is there already. */
export interface Beginning {
  readonly bytes: number;
  /** The server's mark of the file's state when it came. */
  readonly etag: string | undefined;
}

/**
 * What an answer to a request for the rest of a file is:
 * the rest, the whole from its first byte, nothing as there is no more, the rest of another state of the file, or no.
 */
export type Answer = "rest" | "whole" | "end" | "changed" | "refused";

/**
 * A request with If-Range would have to be allowed by the server first when it comes from another site's page, and
 * servers of signed addresses do not allow it, so the marks of beginning and answer are compared here instead.
 * @param isHashKnown the hash at the end is the better judge then: the servers of one network may mark one file differently
 */
export function judge(
  { status, headers }: Response,
  { bytes, etag }: Beginning,
  isHashKnown: boolean,
): Answer {
  const range = headers.get("Content-Range");
  if (status === 200) return "whole";
  if (status === 416) return range === `bytes */${bytes}` ? "end" : "changed";
  if (status !== 206) return "refused";
  const start = range === null ? bytes : Number(/^bytes (\d+)-/.exec(range)?.[1]);
  if (start !== bytes) return "changed";
  if (bytes === 0 || isHashKnown) return "rest";
  const mark = headers.get("ETag");
  return etag === undefined || mark === null || mark === etag ? "rest" : "changed";
}

/** Size of the whole file. A compressed answer's length says nothing of it. */
export function sizeOf({ status, headers }: Response): number | undefined {
  const range = headers.get("Content-Range")?.split("/")[1];
  const encoding = headers.get("Content-Encoding") ?? "identity";
  const length = encoding === "identity" ? headers.get("Content-Length") : undefined;
  const text = headers.get("X-Linked-Size") ?? ([206, 416].includes(status) ? range : length);
  const size = Number.parseInt(text ?? "", 10);
  return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
}

/** The bytes of an answer as they come. Throws a ConnectionError when they end too early, or the signal's reason. */
export async function* chunksOf(
  response: Response,
  url: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        signal.throwIfAborted();
        throw new ConnectionError(`The connection to ${url} was cut.`, { cause });
      });
      if (done) return;
      yield value;
    }
  } finally {
    // Also when the consumer gave up: the server need not send the rest.
    await reader.cancel().catch(() => undefined);
  }
}
