import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UserError } from "../core/errors.ts";
import { PUBLISHED_FREE_U } from "../onnx/passes/free-u.ts";
import { memoryFileSystem } from "../models/testing/memory-handles.ts";
import type { EngineClient } from "../worker/client.ts";
import type { DocumentInfo, EngineCalls, EngineEvents, SceneInfo } from "../worker/protocol.ts";
import { connectRpc, serveRpc, type Handlers, type Port, type RpcServer } from "../worker/rpc.ts";
import { createSession, type ModelMemory, type Session } from "./session.ts";
import { objectOf } from "./store.ts";

const INFO: SceneInfo = {
  name: "apple.ply",
  count: 3,
  shDegree: 0,
  focus: { center: [0, 0, 0], radius: 1 },
  up: [0, 1, 0],
  warnings: ["7 bytes after the last splat were ignored."],
};
const MODEL = {
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
const DEMOS = {
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

describe("a session", () => {
  let engine: ReturnType<typeof engineThat>;
  let session: Session;
  const begin = async (
    overrides: Partial<Handlers<EngineCalls>> = {},
    memory: ModelMemory = {},
  ): Promise<void> => {
    engine = engineThat(overrides);
    session = createSession(engine.client, "http://localhost/", memory);
    await session.begin(() => ({}) as OffscreenCanvas);
  };
  const state = () => session.store.getState();
  const logged = () => state().log.map(({ text }) => text);
  const requestsOf = (name: keyof EngineCalls) =>
    engine.calls.filter((call) => call.name === name).map(({ request }) => request);

  beforeEach(() => {
    vi.stubGlobal("fetch", async (url: URL) =>
      url.pathname.endsWith(".json") ? Response.json(DEMOS) : new Response(new Uint8Array(10)),
    );
  });
  afterEach(() => {
    engine.close();
    vi.unstubAllGlobals();
  });

  it("loads a stored encoder in place of the model's own, says so, and forgets it with the model", async () => {
    await begin({ loadModel: () => ({ ...MODEL, encoder: "taesd" }), compareEncoders: () => [0.9, 0.8] });
    const tiny = { kind: "stored", id: "tiny" } as const;
    await session.chooseEncoder(tiny);
    expect(requestsOf("loadModel").at(-1)).toMatchObject({ encoder: { kind: "stored", id: "tiny" } });
    expect(state().encoder).toBe(tiny);
    expect(logged().at(-1)).toContain("with the encoder of tiny (taesd)");
    expect(await session.compareEncoders()).toEqual([0.9, 0.8]);
    await session.chooseEncoder({ kind: "folder", name: "taesd", files: [] });
    expect(requestsOf("loadModel").at(-1)).toMatchObject({ encoder: { kind: "folder", name: "taesd" } });
    expect(logged().at(-1)).toContain("with the encoder of taesd (taesd)");
    await session.chooseModel({ kind: "embedded", id: "mini-256" });
    expect(requestsOf("loadModel").at(-1)).not.toHaveProperty("encoder");
    expect(state().encoder).toBeUndefined();
  });

  it("loads the model with FreeU, says so, and forgets it with the model", async () => {
    await begin({
      loadModel: ({ freeU }) => {
        if (freeU?.b1 === 0) throw new UserError("Not that.", "Something else.");
        return { ...MODEL, ...(freeU && { freeU }) };
      },
    });
    const [{ factors }] = PUBLISHED_FREE_U as [(typeof PUBLISHED_FREE_U)[number]];
    await session.chooseFreeU(factors);
    expect(state()).toMatchObject({ freeU: factors, model: { value: { freeU: factors } } });
    expect(logged().at(-1)).toContain("FreeU b1=1.5 b2=1.6 s1=0.9 s2=0.2");
    await session.chooseFreeU({ ...factors, b1: 0 });
    expect(state()).toMatchObject({ freeU: factors, problem: { message: "Not that." } });
    await session.chooseProvider("wasm");
    expect(requestsOf("loadModel").at(-1)).toMatchObject({ freeU: factors });
    await session.chooseModel({ kind: "embedded", id: "mini-256" });
    expect(requestsOf("loadModel").at(-1)).toMatchObject({ freeU: undefined });
    expect(state().freeU).toBeUndefined();
  });

  it("begins with the model chosen on an earlier visit, and remembers the next", async () => {
    const remembered: unknown[] = [];
    const stored = { kind: "stored", id: "owner/name" } as const;
    const kept = { model: stored, memoryBudget: 6e9 };
    await begin({}, { kept, remember: (choice) => void remembered.push(choice) });
    expect(requestsOf("loadModel")).toMatchObject([{ source: stored, memoryBudget: 6e9 }]);
    const other = { kind: "embedded", id: "mini-256" } as const;
    await session.chooseModel(other);
    await session.chooseModel({ kind: "folder", name: "mine", files: [] }); // gone with the page
    await session.chooseMemory(undefined);
    expect(requestsOf("loadModel").at(-1)).toMatchObject({ memoryBudget: undefined });
    expect(remembered).toEqual([{ model: other }, { memoryBudget: undefined }]);
  });

  describe("the folder of a model", () => {
    const last = (name: string) => ({ model: { kind: "folder", name }, memoryBudget: undefined }) as const;
    /** A folder on the user's disk, and where its handle is kept; the user says yes when asked. */
    async function folderThat(isAllowed: boolean) {
      let allowed = isAllowed;
      const { root } = memoryFileSystem();
      const folder = await root.getDirectoryHandle("mine", { create: true });
      const handle = Object.assign(folder, {
        queryPermission: async () => (allowed ? "granted" : "prompt") as PermissionState,
        requestPermission: async () => ((allowed = true), "granted") as PermissionState,
      });
      const saved: FileSystemDirectoryHandle[] = [];
      const folders = {
        load: async () => handle,
        save: async (it: FileSystemDirectoryHandle) => void saved.push(it),
      };
      return { handle, folders, saved };
    }
    const sources = () => requestsOf("loadModel").map((request) => (request as { source: object }).source);

    it("is the model again where it was the last and may be read", async () => {
      const { folders } = await folderThat(true);
      await begin({}, { kept: last("mine"), folders });
      expect(sources()).toEqual([{ kind: "folder", name: "mine", files: [] }]);
      expect(state()).toMatchObject({
        chosen: { kind: "folder", name: "mine" },
        folder: { isWanted: false },
      });
    });

    it("is offered where it has to be allowed, and read when it is", async () => {
      const { handle, folders, saved } = await folderThat(false);
      const remembered: unknown[] = [];
      await begin({}, { kept: last("mine"), folders, remember: (choice) => void remembered.push(choice) });
      expect(sources()).toMatchObject([{ kind: "address" }]);
      expect(state().folder).toMatchObject({ isWanted: true });
      await session.chooseKeptFolder();
      expect(sources().at(-1)).toMatchObject({ kind: "folder", name: "mine" });
      expect(state().folder).toMatchObject({ handle, isWanted: false });
      expect(saved).toEqual([handle]);
      expect(remembered).toEqual([{ model: { kind: "folder", name: "mine" } }]);
    });

    it("is only at hand where another model was the last", async () => {
      const { folders } = await folderThat(true);
      await begin({}, { folders });
      expect(sources()).toMatchObject([{ kind: "address" }]);
      expect(state().folder).toMatchObject({ isWanted: false });
    });

    it("is told in words when it is gone, and another model stands in", async () => {
      const { handle, folders } = await folderThat(true);
      const gone = (): never => {
        throw new DOMException("gone", "NotFoundError");
      };
      Object.defineProperty(handle, Symbol.asyncIterator, { value: gone });
      await begin({}, { kept: last("mine"), folders });
      expect(sources()).toMatchObject([{ kind: "address" }]);
      expect(logged().join()).toContain("The folder “mine” cannot be read where it was.");
      await session.chooseKeptFolder();
      expect(state().problem).toMatchObject({ message: "The folder “mine” cannot be read where it was." });
    });
  });

  it("begins with its own model where the one chosen earlier is gone, and does not forget that", async () => {
    const remembered: unknown[] = [];
    const loadModel: Handlers<EngineCalls>["loadModel"] = ({ source }) => {
      if (source.kind === "stored") throw new UserError("owner/name is not stored.");
      return MODEL;
    };
    const kept = { model: { kind: "stored", id: "owner/name" }, memoryBudget: undefined } as const;
    await begin({ loadModel }, { kept, remember: (choice) => void remembered.push(choice) });
    expect(state()).toMatchObject({ model: { status: "ready" }, chosen: { kind: "embedded" } });
    expect(logged().join("\n")).toContain("owner/name cannot be loaded now");
    expect(remembered).toEqual([]);
  });

  it("begins with the first demo scene, its words and the model", async () => {
    await begin();
    expect(state()).toMatchObject({
      machine: { status: "ready" },
      model: { status: "ready", value: { name: "mini" } },
      demo: "apple",
      scene: { name: "apple.ply" },
      busy: undefined,
      problem: undefined,
      runState: "ended",
    });
    expect(state().form).toMatchObject({ source: "a red apple", target: "a blue apple", size: 128 });
    expect(requestsOf("openScene")).toMatchObject([{ hints: { region: { radius: 1 }, up: [0, 1, 0] } }]);
  });

  it("turns a scene upright from what the user says is up, and takes the scene's word from then on", async () => {
    const document = { up: [0, 1, 0] } as unknown as DocumentInfo;
    await begin({ runCommand: () => document });
    await session.orient();
    session.fill({ up: [0, 0, 1] });
    await session.orient();
    expect(requestsOf("runCommand")).toMatchObject([
      { id: "transform.orient", params: {} },
      { id: "transform.orient", params: { up: [0, 0, 1] } },
    ]);
    expect(state()).toMatchObject({ document, form: { up: "auto" } });
  });

  it("keeps the next edit on the object when everything has been moved, and when that is undone", async () => {
    const at = (x: number) =>
      ({ focus: { center: [x, 0, 0], radius: 1 }, up: [0, 1, 0] }) as unknown as DocumentInfo;
    const region = { center: [0, 0, 0], radius: 1 } as const;
    await begin({
      openScene: () => ({ ...INFO, region, isOpenElsewhere: false }),
      runCommand: () => at(5),
      travel: () => at(0),
    });
    session.store.setState({ document: at(0) });
    session.fill({ region: { kind: "sphere", ...region } });
    for (const [move, x] of [
      [() => session.command("transform.apply"), 5],
      [() => session.travel(0), 0],
    ] as const) {
      await move();
      const object = { center: [x, 0, 0], radius: 1 };
      expect(state().form).toMatchObject({ region: { kind: "sphere", ...object }, focus: object });
      expect(objectOf(state())).toEqual(object);
    }
  });

  it("says why there is no engine, and brings it up when asked again", async () => {
    let works = false;
    await begin({
      start: () => {
        if (works) return { adapter: "test", isSoftware: true, hasThreads: false };
        throw new UserError("This browser has no WebGPU.", "Use Chrome.");
      },
    });
    expect(state().machine).toEqual({
      status: "failed",
      problem: { message: "This browser has no WebGPU.", hint: "Use Chrome." },
    });
    works = true;
    await session.restart();
    expect(state()).toMatchObject({ machine: { status: "ready" }, demo: "apple" });
  });

  it("keeps the scene when a file is refused, and shows the two texts of the error", async () => {
    await begin({
      openScene: ({ name }) => {
        if (name === "bad.ply") throw new UserError("“bad.ply” is empty.", "Choose another.");
        return { ...INFO, name, isOpenElsewhere: false };
      },
    });
    await session.openFile(new File([], "bad.ply"));
    expect(state()).toMatchObject({
      scene: { name: "apple.ply" },
      demo: "apple",
      problem: { message: "“bad.ply” is empty.", hint: "Choose another." },
    });
    session.dismissProblem();
    expect(state().problem).toBeUndefined();
    await session.openFile(new File([], "good.ply"));
    expect(state()).toMatchObject({ scene: { name: "good.ply" }, demo: undefined, problem: undefined });
    expect(logged()).toContain("7 bytes after the last splat were ignored.");
  });

  it("runs an edit, sends on what can change meanwhile, and logs it once", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let finish = (): void => {};
    await begin({
      edit: () =>
        new Promise((resolve) => (finish = () => resolve({ outcome: "finished", steps: 5, seconds: 2 }))),
    });
    const run = session.edit();
    expect(state().runState).toBe("running");
    for (const wp of [8, 9, 10]) session.fill({ params: { ...state().form.params, wp } });
    await vi.waitFor(() => expect(requestsOf("change")).toHaveLength(3));
    expect(requestsOf("change").at(-1)).toMatchObject({ change: { params: { wp: 10 } } });
    vi.advanceTimersByTime(1000);
    expect(logged().filter((text) => text.includes("Cross-prompt"))).toEqual([
      "Cross-prompt 10 from step 1.",
    ]);
    finish();
    await run;
    vi.useRealTimers();
    expect(state().runState).toBe("ended");
    expect(logged()).toContain("Edit finished after 5 steps in 2.0 s.");
    expect(requestsOf("edit")).toMatchObject([{ settings: { target: "a blue apple" } }]);
  });

  it("takes out of the form what a run refuses, and says why", async () => {
    let finish = (): void => {};
    await begin({
      edit: () =>
        new Promise((resolve) => (finish = () => resolve({ outcome: "finished", steps: 5, seconds: 2 }))),
      change: ({ change }) => {
        if (change.size) throw new UserError("Views of 64 pixels do not fit.", "Choose fewer.");
      },
    });
    const run = session.edit();
    const { size } = state().form;
    session.fill({ size: 64, viewsPerStep: 2 });
    session.fill({ viewsPerStep: 3 });
    await vi.waitFor(() => expect(state().problem?.message).toBe("Views of 64 pixels do not fit."));
    expect(state().form).toMatchObject({ size, viewsPerStep: 3 });
    finish();
    await run;
  });

  it("shows what broke a run and can start another", async () => {
    await begin({
      edit: () => {
        throw new UserError("Both descriptions are the same.", "Change the words.");
      },
    });
    await session.edit();
    expect(state()).toMatchObject({
      runState: "ended",
      problem: { message: "Both descriptions are the same.", hint: "Change the words." },
    });
  });

  it("follows the history", async () => {
    await begin();
    await session.undo();
    expect(state().history).toEqual({ redo: "a blue apple" });
    await session.redo();
    expect(state().history).toEqual({ undo: "a blue apple" });
  });

  it("brings the engine back after the device was lost, with scene and words as they were", async () => {
    await begin();
    session.fill({ target: "a golden apple" });
    engine.server.emit("lost", { message: "The GPU was lost." });
    await vi.waitFor(() => expect(requestsOf("loadModel")).toHaveLength(2));
    await vi.waitFor(() => expect(state().model.status).toBe("ready"));
    expect(requestsOf("start")).toHaveLength(2);
    expect(requestsOf("openScene")).toHaveLength(1);
    expect(state()).toMatchObject({ scene: { name: "apple.ply" }, form: { target: "a golden apple" } });
    expect(logged()).toContain("The GPU was lost.");
    await vi.waitFor(() => expect(logged().at(-1)).toContain("The GPU is back"));
  });

  it("leaves a GPU alone that goes as soon as it is there, until it is told to try again", async () => {
    await begin();
    for (let i = 0; i < 4; i++) engine.server.emit("lost", { message: "The GPU was lost." });
    await vi.waitFor(() => expect(state().machine.status).toBe("failed"));
    expect(requestsOf("start")).toHaveLength(4);
    await session.restart();
    expect(state()).toMatchObject({ machine: { status: "ready" }, scene: { name: "apple.ply" } });
    for (let i = 0; i < 8; i++) {
      engine.server.emit("lost", { message: "The GPU was lost." });
      engine.server.emit("view", { isSettled: true });
    }
    await vi.waitFor(() => expect(requestsOf("start")).toHaveLength(13));
    expect(state().machine.status).toBe("ready");
  });

  it("says what a lost GPU has left of an edit", async () => {
    await begin({ edit: () => ({ outcome: "lost", steps: 7, seconds: 1 }) });
    await session.edit();
    expect(state().problem?.message).toBe("The GPU was lost during the edit; 7 steps of it are kept.");
  });

  it("keeps the model, and where it runs, when another cannot be loaded", async () => {
    await begin({
      loadModel: ({ source, provider }) => {
        if (source.kind === "address" && provider === "auto") return MODEL;
        throw new UserError("It is not stored.", "Download it first.");
      },
    });
    const before = state().model;
    await session.chooseModel({ kind: "stored", id: "owner/name" });
    expect(requestsOf("loadModel").at(-1)).toMatchObject({ source: { kind: "stored", id: "owner/name" } });
    await session.chooseProvider("webgpu");
    expect(state()).toMatchObject({
      ...{ model: before, chosen: { kind: "embedded", id: "mini" }, provider: "auto" },
      problem: { message: "It is not stored.", hint: "Download it first." },
    });
  });

  it("offers unsaved work while the model still loads, and opens it", async () => {
    let loaded = (): void => {};
    const begun = begin({
      loadModel: () => new Promise((resolve) => (loaded = () => resolve(MODEL))),
      listRecovery: () => [{ id: "7", name: "lost.ply", time: 0, changes: 2 }],
      recover: () => ({ ...INFO, name: "lost.ply" }),
    });
    await vi.waitFor(() => expect(state().recovery).toMatchObject([{ id: "7" }]));
    await session.recover("7");
    expect(state()).toMatchObject({
      ...{ scene: { name: "lost.ply" }, demo: undefined, recovery: [], model: { status: "loading" } },
    });
    await vi.waitFor(() => expect(requestsOf("loadModel")).toHaveLength(1));
    loaded();
    await begun;
    expect(state()).toMatchObject({ scene: { name: "lost.ply" }, model: { status: "ready" } });
  });

  it("gives up an address that loads when told to, or when another scene is asked for", async () => {
    await begin();
    const signals: AbortSignal[] = [];
    vi.stubGlobal("location", new URL("http://localhost/"));
    vi.stubGlobal("fetch", (_url: URL, { signal }: { readonly signal: AbortSignal }) => {
      signals.push(signal);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    const first = session.openAddress("https://example.org/slow.ply");
    await vi.waitFor(() => expect(state().loading).toBeDefined());
    session.stopLoading();
    await first;
    expect(state()).toMatchObject({ scene: { name: "apple.ply" }, demo: "apple", problem: undefined });
    expect(state().busy).toBeUndefined();
    void session.openAddress("https://example.org/slow.ply");
    await vi.waitFor(() => expect(state().loading).toBeDefined());
    await session.openFile(new File([], "other.ply"));
    expect(state()).toMatchObject({ scene: { name: "other.ply" }, loading: undefined, problem: undefined });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it("refuses a file that memory cannot hold in one piece, and one that is not there any more", async () => {
    await begin();
    const unread = () => Promise.reject(new DOMException("gone", "NotReadableError"));
    await session.openFile({ name: "huge.ply", size: 2 ** 31, arrayBuffer: unread } as unknown as File);
    expect(state().problem?.message).toBe("“huge.ply” is larger than 2 GiB.");
    await session.openFile({ name: "gone.ply", size: 9, arrayBuffer: unread } as unknown as File);
    expect(state()).toMatchObject({
      scene: { name: "apple.ply" },
      problem: { message: "“gone.ply” could not be read.", hint: expect.stringContaining("open it again") },
    });
  });

  it("says of a file that it is open in another tab, and of a demo scene in the log alone", async () => {
    await begin({ openScene: ({ name }) => ({ ...INFO, name, isOpenElsewhere: true }) });
    const warning = "This scene is open in another tab, too.";
    expect(state().problem).toBeUndefined();
    expect(state().log.map(({ text }) => text)).toContain(warning);
    await session.openFile(new File([], "mine.ply"));
    expect(state()).toMatchObject({ scene: { name: "mine.ply" }, problem: { message: warning } });
  });

  it("shows what goes wrong outside of any call", async () => {
    await begin();
    engine.server.emit("problem", { message: "No memory.", hint: "Make room." });
    await vi.waitFor(() => expect(state().problem).toEqual({ message: "No memory.", hint: "Make room." }));
  });

  it("gives up a file that is read when told to, or when another scene is asked for", async () => {
    let giveUp = (): void => {};
    const openScene: Handlers<EngineCalls>["openScene"] = ({ name }) =>
      new Promise((resolve, reject) => {
        if (name !== "large.ply") return resolve({ ...INFO, name, isOpenElsewhere: false });
        giveUp = () => reject(new DOMException("", "AbortError"));
        engine.server.emit("reading", { share: 0.25 });
      });
    await begin({ openScene, stopReading: () => giveUp() });
    const first = session.openFile(new File([], "large.ply"));
    await vi.waitFor(() => expect(state().loading).toEqual({ share: 0.25 }));
    session.stopLoading();
    await first;
    expect(state()).toMatchObject({ scene: { name: "apple.ply" }, loading: undefined, problem: undefined });
    expect(state().busy).toBeUndefined();
    void session.openFile(new File([], "large.ply"));
    await vi.waitFor(() => expect(state().loading).toBeDefined());
    await session.openFile(new File([], "other.ply"));
    expect(state()).toMatchObject({ scene: { name: "other.ply" }, loading: undefined, problem: undefined });
  });

  it("names the words that the model does not know", async () => {
    await begin();
    session.fill({ target: "a pink apple" });
    await vi.waitFor(() => expect(state().unread.target.unknown).toEqual(["pink"]));
  });
});
