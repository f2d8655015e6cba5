import { afterEach, beforeEach, vi } from "vitest";
import type { EngineClient } from "../../worker/client.ts";
import type { EngineCalls, EngineEvents, SceneInfo } from "../../worker/protocol.ts";
import { connectRpc, serveRpc, type Handlers, type Port, type RpcServer } from "../../worker/rpc.ts";
import { createSession, type ModelMemory, type Session } from "../session.ts";

export const INFO: SceneInfo = {
  name: "apple.ply",
  count: 3,
  shDegree: 0,
  focus: { center: [0, 0, 0], radius: 1 },
  up: [0, 1, 0],
  warnings: ["7 bytes after the last splat were ignored."],
};
export const MODEL = {
  name: "mini",
  description: undefined,
  licence: undefined,
  family: "embedded",
  examples: [],
  advice: [],
  resolution: 128,
  resolutions: [64, 128],
  isFixed: false,
  provider: "wasm",
  precision: { precision: "float32", why: "the model is small" },
  closedVocabulary: true,
  encoder: "vae",
  memoryBudget: 8e9,
  memory: [],
} as const;
export const DEMOS = {
  scenes: [
    {
      id: "apple",
      name: "Apple",
      file: "apple.ply",
      source: "a red apple",
      up: [0, 1, 0],
      region: { center: [0, 0, 0], radius: 1 },
      edits: [{ source: "a red apple", target: "a blue apple" }],
    },
  ],
};

/** An engine that answers as told, behind a real port; the real one is tested in the browser. */
function engineThat(overrides: Partial<Handlers<EngineCalls>>) {
  const channel = new MessageChannel();
  const calls: { name: string; request: unknown }[] = [];
  const handlers = {
    start: () => ({ adapter: "test", isSoftware: true, hasThreads: false }),
    loadModel: () => MODEL,
    checkPrompt: ({ text }) => ({ unknown: text.split(" ").filter((word) => word === "pink"), cut: "" }),
    compareProviders: () => ({ relativeError: 0, webgpuMs: 1, wasmMs: 1 }),
    openScene: ({ name }) => ({ ...INFO, name, isOpenElsewhere: false }),
    stopReading: () => {},
    exportScene: () => ({ name: "x.ply", bytes: new ArrayBuffer(1) }),
    setCamera: () => {},
    pick: () => undefined,
    compare: () => {},
    edit: () => ({ outcome: "finished", steps: 5, seconds: 1 }),
    change: () => {},
    pause: () => {},
    resume: () => {},
    stop: () => {},
    cancel: () => {},
    undo: () => ({ redo: "a blue apple" }),
    redo: () => ({ undo: "a blue apple" }),
    listRecovery: () => [],
    ...overrides,
  } as Handlers<EngineCalls>; // without the calls that no session makes yet
  const noted = Object.fromEntries(
    Object.entries(handlers).map(([name, handle]) => [
      name,
      (request: never) => {
        calls.push({ name, request });
        return handle(request);
      },
    ]),
  ) as unknown as Handlers<EngineCalls>;
  const server: RpcServer<EngineEvents> = serveRpc(channel.port1 as Port, noted);
  const rpc = connectRpc<EngineCalls, EngineEvents>(channel.port2 as Port);
  channel.port1.start();
  channel.port2.start();
  const client: EngineClient = { ...rpc, start: (canvas) => rpc.call("start", { canvas }) };
  return { client, server, calls, close: () => channel.port1.close() };
}

/** A session and its engine for each test, which begins them. */
export function sessionTests() {
  let engine: ReturnType<typeof engineThat>;
  let session: Session;

  beforeEach(() => {
    vi.stubGlobal("fetch", async (url: URL) =>
      url.pathname.endsWith(".json") ? Response.json(DEMOS) : new Response(new Uint8Array(10)),
    );
  });
  afterEach(() => {
    engine.close();
    vi.unstubAllGlobals();
  });

  const state = () => session.store.getState();
  return {
    engine: () => engine,
    session: () => session,
    state,
    logged: () => state().log.map(({ text }) => text),
    requestsOf: (name: keyof EngineCalls) =>
      engine.calls.filter((call) => call.name === name).map(({ request }) => request),
    async begin(overrides: Partial<Handlers<EngineCalls>> = {}, memory: ModelMemory = {}): Promise<void> {
      engine = engineThat(overrides);
      session = createSession(engine.client, "http://localhost/", memory);
      await session.begin(() => ({}) as OffscreenCanvas);
    },
  };
}
