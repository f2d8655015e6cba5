import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { fetchScene, looksLikeAddress, sceneAddress } from "./scene-address.ts";

let server: Server;
let root: string;
const BYTES = Buffer.from("ply\nsome bytes of a scene");

beforeAll(async () => {
  vi.stubGlobal("location", new URL("http://localhost/"));
  server = createServer(({ url }, response) => {
    if (url === "/a%20b.ply") return void response.end(BYTES);
    if (url === "/page") return void response.setHeader("Content-Type", "text/html").end("<html>");
    if (url === "/slow.ply") return void response.writeHead(200).write(BYTES); // and never an end
    if (url === "/broken.ply") {
      response.writeHead(200, { "Content-Length": 1000 }).write(BYTES, () => response.destroy());
      return;
    }
    response.writeHead(url === "/secret" ? 403 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

it("streams a file and tells how far it is", async () => {
  const heard: (readonly [number, number | undefined])[] = [];
  const { name, bytes } = await fetchScene(new URL("a%20b.ply", root), (...now) => heard.push(now));
  expect(name).toBe("a b.ply");
  expect(Buffer.from(bytes).equals(BYTES)).toBe(true);
  expect(heard.at(-1)).toEqual([BYTES.length, BYTES.length]);
});

it.each([
  ["missing", "is not there (status 404)", "Check the address."],
  ["secret", "may not be read (status 403)", "open it from disk"],
  ["page", "is a page, not a scene file", "copy the address of its download"],
  ["broken.ply", "broke off", "Try again"],
])("says in words why %s cannot be had", async (path, message, hint) => {
  await expect(fetchScene(new URL(path, root), () => {})).rejects.toMatchObject({
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  });
});

it("ends when told to, before the answer and within it", async () => {
  const early = new AbortController();
  const waiting = fetchScene(new URL("slow.ply", root), () => {}, early.signal);
  early.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  const late = new AbortController();
  const loading = fetchScene(new URL("slow.ply", root), () => late.abort(), late.signal);
  await expect(loading).rejects.toMatchObject({ name: "AbortError" });
});

it("says that a server which does not answer may not let pages read its files", async () => {
  await expect(fetchScene(new URL("http://127.0.0.1:1/x.ply"), () => {})).rejects.toMatchObject({
    hint: expect.stringContaining("CORS"),
  });
});

it("takes the file where the address of a page about it is given", () => {
  const base = "http://localhost/";
  expect(sceneAddress(" https://huggingface.co/a/b/blob/main/c.ply", base).href).toBe(
    "https://huggingface.co/a/b/resolve/main/c.ply",
  );
  expect(sceneAddress("https://github.com/a/b/blob/main/c.ply", base).href).toBe(
    "https://raw.githubusercontent.com/a/b/main/c.ply",
  );
  expect(sceneAddress("scenes/apple.ply", base).href).toBe("http://localhost/scenes/apple.ply");
});

it("refuses what is no address", () => {
  expect(() => sceneAddress("file:///etc/hosts", "http://localhost/")).toThrow("is not an address");
  expect(() => sceneAddress("  ", "http://localhost/")).toThrow("is not an address");
  expect(looksLikeAddress("https://example.org/a.ply\n")).toBe(true);
  expect(looksLikeAddress("a red apple https://example.org")).toBe(false);
});
