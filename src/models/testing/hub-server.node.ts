/** A small server that stands in for the hub, or for any server of files, with the troubles that networks have. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export type Files = Readonly<Record<string, Uint8Array | string>>;

/** What goes wrong with a file; each field alone. */
export interface Trouble {
  /** Answers this often with this status, then well. */
  readonly status?: { readonly code: number; readonly times: number; readonly error?: string };
  /** Cuts the connection after this many bytes of an answer, this often. */
  readonly cut?: { readonly after: number; readonly times: number };
  /** Sends other bytes than it should, of the same number. */
  readonly corrupt?: boolean;
  /** Answers requests for a part with the whole. */
  readonly noRanges?: boolean;
  /** Bytes a second. */
  readonly slow?: number;
  /** Sends nothing after this many bytes, and keeps the connection open, this often. */
  readonly stall?: { readonly after: number; readonly times: number };
  /** Sends all, tells no length and never says that this was all. */
  readonly endless?: boolean;
}

export interface HubServerOptions {
  /** owner/name */
  readonly repository?: string;
  /** Front matter of the card. */
  readonly cardData?: Readonly<Record<string, string>>;
  /** Serves files and no interface, as a mirror does. */
  readonly noApi?: boolean;
  /** Entries in a page of the tree. */
  readonly pageSize?: number;
  /** Nobody may read the files. */
  readonly gated?: boolean;
}

export interface HubServer {
  /** Origin. */
  readonly url: string;
  /** By path of the file. */
  readonly trouble: Map<string, Trouble>;
  /** Method, path and Range of each request so far. */
  readonly log: { readonly method: string; readonly path: string; readonly range: string | undefined }[];
  /** Replaces a file: its ETag changes with it. */
  put(path: string, content: Uint8Array | string): void;
  close(): Promise<void>;
}

export const COMMIT = "c0ffee0000000000000000000000000000c0ffee";

export async function startHub(files: Files, options: HubServerOptions = {}): Promise<HubServer> {
  const { repository = "owner/name" } = options;
  const contents = new Map(Object.entries(files).map(([path, content]) => [path, bytesOf(content)]));
  const trouble = new Map<string, Trouble>();
  const log: HubServer["log"] = [];

  const api = `/api/models/${repository}`;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url!, "http://hub");
    const { method = "GET" } = request;
    log.push({ method, path: pathname, range: request.headers.range });
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader(
      "Access-Control-Expose-Headers",
      "ETag, Link, Content-Range, Accept-Ranges, X-Error-Code",
    );
    if (method === "OPTIONS") {
      // As strict as a server of signed addresses: nothing that needs asking first is allowed.
      response.writeHead(403).end();
      return;
    }
    if (pathname.startsWith("/api/")) {
      if (options.noApi) return fail(response, 404);
      if (pathname.startsWith(`${api}/revision/`)) {
        return json(response, { sha: COMMIT, cardData: options.cardData ?? {} });
      }
      if (pathname.startsWith(`${api}/tree/${COMMIT}`)) {
        const folder = decodeURIComponent(pathname.slice(`${api}/tree/${COMMIT}`.length + 1));
        const page = Number(searchParams.get("cursor") ?? 0);
        const size = options.pageSize ?? 1000;
        const entries = tree(contents, folder);
        if (entries.length > (page + 1) * size) {
          response.setHeader("Link", `<${pathname}?recursive=true&cursor=${page + 1}>; rel="next"`);
        }
        return json(response, entries.slice(page * size, (page + 1) * size));
      }
      return fail(response, 401, "RepoNotFound");
    }
    const path = decodeURIComponent(/^\/[^/]+\/[^/]+\/resolve\/[^/]+\/(.*)$/.exec(pathname)?.[1] ?? "");
    const content = contents.get(path);
    if (options.gated) return fail(response, 401, "GatedRepo");
    if (!content) return fail(response, 404, "EntryNotFound");
    await sendFile(request, response, content, trouble, path);
  };

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    trouble,
    log,
    put: (path, content) => void contents.set(path, bytesOf(content)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : content;

export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** As the hub does: what is large, and every network, is in large file storage and has its hash. */
const isLarge = (path: string): boolean => /\.(onnx|pb|bin|safetensors)$|_data$/.test(path);

const tree = (contents: ReadonlyMap<string, Uint8Array>, folder: string): object[] =>
  [...contents]
    .filter(([path]) => folder === "" || path.startsWith(`${folder}/`))
    .map(([path, bytes]) => ({
      type: "file",
      oid: "0",
      path,
      size: bytes.length,
      ...(isLarge(path) && { lfs: { oid: sha256Of(bytes), size: bytes.length, pointerSize: 130 } }),
    }));

function json(response: ServerResponse, value: unknown): void {
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(value));
}

function fail(response: ServerResponse, status: number, code?: string): void {
  if (code) response.setHeader("X-Error-Code", code);
  response.writeHead(status, { "Content-Type": "text/plain" }).end("no");
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  content: Uint8Array,
  troubles: Map<string, Trouble>,
  path: string,
): Promise<void> {
  const trouble = troubles.get(path) ?? {};
  const { status, cut, stall } = trouble;
  if (status && status.times > 0) {
    troubles.set(path, { ...trouble, status: { ...status, times: status.times - 1 } });
    return fail(response, status.code, status.error);
  }
  const range = trouble.noRanges ? undefined : /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const from = Number(range?.[1] ?? 0);
  const to = Math.min(content.length, range?.[2] ? Number(range[2]) + 1 : content.length);
  response.setHeader("ETag", `"${sha256Of(content).slice(0, 16)}"`);
  response.setHeader("Content-Type", "application/octet-stream");
  if (range && from >= content.length) {
    response.setHeader("Content-Range", `bytes */${content.length}`);
    return fail(response, 416);
  }
  if (range) response.setHeader("Content-Range", `bytes ${from}-${to - 1}/${content.length}`);
  if (!trouble.endless) response.setHeader("Content-Length", to - from);
  response.writeHead(range ? 206 : 200);
  if (request.method === "HEAD") return void response.end();

  const body = content.slice(from, to);
  if (trouble.corrupt) body[body.length >> 1]! ^= 1;
  if (cut && cut.times > 0) {
    troubles.set(path, { ...trouble, cut: { ...cut, times: cut.times - 1 } });
    response.write(body.subarray(0, cut.after), () => response.destroy());
    return;
  }
  if (stall && stall.times > 0) {
    troubles.set(path, { ...trouble, stall: { ...stall, times: stall.times - 1 } });
    response.write(body.subarray(0, stall.after));
    return;
  }
  if (trouble.endless) return void response.write(body);
  if (trouble.slow === undefined) return void response.end(body);
  const piece = Math.max(1, Math.floor(trouble.slow / 20));
  for (let at = 0; at < body.length && !response.destroyed; at += piece) {
    response.write(body.subarray(at, at + piece));
    await sleep(50);
  }
  response.end();
}
