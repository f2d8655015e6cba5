import { UserError } from "../core/errors.ts";

/** How the room talks to the network. */
export interface Net {
  readonly fetch: typeof fetch;
  /** Address of the hub, or of a mirror of it. */
  readonly hub: string;
}

/** A page reads another site's files only if that site lets it, and is not told which of the two it was. */
const OTHER_SITES =
  "location" in globalThis ? " The server also has to let other sites' pages read its files (CORS)." : "";

/** The server could not be reached, or stopped talking. Trying again may help. */
export class ConnectionError extends UserError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, `Check the connection, and go on: what was loaded is kept.${OTHER_SITES}`, options);
    this.name = "ConnectionError";
  }
}

/** The server answered, and not with what was asked for. */
export class StatusError extends UserError {
  readonly status: number;
  /** The hub's word for what is wrong, else "". */
  readonly code: string;
  /** Asking again later may help: the server is busy or has a moment of weakness. */
  readonly isPassing: boolean;
  /** Seconds that the server asks to be left alone for. */
  readonly retryAfter: number | undefined;

  constructor(response: Response, message: string, hint: string) {
    super(message, hint);
    this.name = "StatusError";
    this.status = response.status;
    this.code = response.headers.get("X-Error-Code") ?? "";
    this.isPassing = [408, 425, 429].includes(response.status) || response.status >= 500;
    const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    this.retryAfter = Number.isFinite(seconds) ? seconds : undefined;
  }
}

/** A page, or anything else, in place of data. */
export class NotJsonError extends UserError {
  constructor(url: string, options?: ErrorOptions) {
    super(`${url} is not what it should be: a JSON file.`, "Check the address.", options);
    this.name = "NotJsonError";
  }
}

/** As `fetch`, but throws errors in words. The answer may have any status. */
export async function request({ fetch }: Net, url: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (init?.signal?.aborted) throw cause;
    throw new ConnectionError(`${url} could not be reached.`, { cause });
  }
}

/** As `request`; throws a StatusError unless the answer is good. */
export async function requestGood(net: Net, url: string, init?: RequestInit): Promise<Response> {
  const response = await request(net, url, init);
  if (response.ok) return response;
  await response.body?.cancel().catch(() => undefined);
  throw statusError(response, url);
}

interface Reason {
  readonly applies: (status: number, code: string) => boolean;
  readonly says: string;
  readonly hint: string;
}

const GATED_HINT =
  "Its owner lets only those load it who have agreed to terms on its page. Choose a copy that is open to all, or " +
  "load it there and open the folder from disk.";

/** First match wins. Codes are the hub's X-Error-Code. */
const REASONS: readonly Reason[] = [
  {
    applies: (_, code) => code === "GatedRepo",
    says: "is gated",
    hint: GATED_HINT,
  },
  {
    applies: (_, code) => code === "RepoNotFound",
    says: "is not there: the hub knows no such repository, or it is private",
    hint: "Check owner and name.",
  },
  {
    applies: (_, code) => code === "RevisionNotFound",
    says: "is not there: the repository has no such revision",
    hint: "Check what follows the @.",
  },
  {
    applies: (status) => status === 401 || status === 403,
    says: "may not be read: it is gated or private, or the repository does not exist",
    hint: GATED_HINT,
  },
  {
    applies: (status) => status === 404 || status === 410,
    says: "is not there",
    hint: "Check the address.",
  },
  {
    applies: (status) => status === 429,
    says: "was asked for too often",
    hint: "Wait some minutes, and go on: what was loaded is kept.",
  },
  {
    applies: (status) => status >= 500,
    says: "cannot be had: its server is in trouble",
    hint: "Wait some minutes, and go on: what was loaded is kept.",
  },
];

export function statusError(response: Response, url: string): StatusError {
  const { status } = response;
  const code = response.headers.get("X-Error-Code") ?? "";
  const reason = REASONS.find(({ applies }) => applies(status, code));
  return new StatusError(
    response,
    `${url} ${reason?.says ?? "cannot be had"} (status ${status}).`,
    reason?.hint ?? "Check the address.",
  );
}

/** A JSON value. */
export async function fetchJson(net: Net, url: string, signal?: AbortSignal): Promise<unknown> {
  const response = await requestGood(net, url, signal && { signal });
  try {
    return await response.json();
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new NotJsonError(url, { cause });
  }
}
