import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** A web server that can go away and come back with another version. */
export interface StaticHost {
  readonly url: string;
  stop(): Promise<void>;
  /** Serves again at the same address, from now on with a script of the service worker that differs. */
  startNewer(): Promise<void>;
}

/** Serves the build as plain hosts do: files, without the headers that isolate a page. */
export async function staticHost(): Promise<StaticHost> {
  const root = join(import.meta.dirname, "../dist");
  let suffix = "";
  const answer = async ({ url }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(url!, "http://localhost");
    const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    try {
      const file = await readFile(join(root, path));
      response.writeHead(200, {
        "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
        "Cache-Control": "no-store", // what is there offline, is there because it was kept on purpose
      });
      response.end(path === "/service-worker.js" ? file + suffix : file);
    } catch {
      response.writeHead(404).end();
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  const listen = (at: number) => once(server.listen(at, "127.0.0.1"), "listening");
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async startNewer() {
      suffix = "\n// newer";
      await listen(port);
    },
  };
}
