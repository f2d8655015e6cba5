/** Threads in wasm need a cross-origin isolated page: these headers on the page and on the scripts of its workers. */
export const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
} as const;

/** For Workbox: gives the headers to answers of a server that sends none. */
export const isolated = {
  handlerWillRespond: async ({ response }: { readonly response: Response }): Promise<Response> => {
    const headers = new Headers(response.headers);
    const missing = Object.entries(ISOLATION).filter(([name]) => !headers.has(name));
    if (missing.length === 0) return response;
    for (const [name, value] of missing) headers.set(name, value);
    const { body, status, statusText } = response;
    return new Response(body, { status, statusText, headers });
  },
};
