/**
 * Keeps the page for when there is no network: the build's files as one version, precached, and the larger model as it
 * was used last. A new version waits until the user asks for it.
 */
import {
  addPlugins,
  cleanupOutdatedCaches,
  matchPrecache,
  precacheAndRoute,
  type PrecacheEntry,
} from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { NetworkFirst } from "workbox-strategies";
import { isolated } from "./isolated.ts";

declare const self: ServiceWorkerGlobalScope;

/** Of the two builds of ONNX Runtime for WebGPU a browser loads one: see src/diffusion/session/runtime.ts. */
const NEVER_LOADED = "Suspending" in WebAssembly ? ".asyncify" : ".jspi";
const files = self.__WB_MANIFEST as PrecacheEntry[]; // put there by the build

addPlugins([isolated]);
precacheAndRoute(
  files.filter(({ url }) => !url.includes(NEVER_LOADED)),
  // The page is the same for every ?url=…, which its script reads.
  { ignoreURLParametersMatching: [/./] },
);
cleanupOutdatedCaches();

const models = new URL("models/", self.registration.scope).href;
const isOfModel = ({ url }: { readonly url: URL }): boolean => url.href.startsWith(models);
registerRoute(isOfModel, new NetworkFirst({ cacheName: "models", plugins: [isolated] }));
// Whether a model has a file. Of one that is kept, every file is.
const kept = async (url: string): Promise<Response | undefined> =>
  (await matchPrecache(url)) ?? caches.match(url);
registerRoute(
  isOfModel,
  async ({ url, request }) => {
    const file = await kept(url.href);
    if (file) return new Response(null, file);
    try {
      return await fetch(request);
    } catch (cause) {
      const [name] = url.href.slice(models.length).split("/");
      if (await kept(`${models}${name}/model_index.json`)) return new Response(null, { status: 404 });
      throw cause;
    }
  },
  "HEAD",
);

self.addEventListener("message", ({ data }) => {
  if ((data as { readonly type?: string } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});
