import { describe, expect, it, vi } from "vitest";
import { UserError } from "../core/errors.ts";
import type { DocumentInfo, EngineCalls } from "../worker/protocol.ts";
import type { Handlers } from "../worker/rpc.ts";
import { objectOf } from "./store.ts";
import { INFO, MODEL, sessionTests } from "./testing/session.ts";

describe("the scene of a session", () => {
  const { begin, engine, logged, requestsOf, session, state } = sessionTests();

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
    await session().orient();
    session().fill({ up: [0, 0, 1] });
    await session().orient();
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
    session().store.setState({ document: at(0) });
    session().fill({ region: { kind: "sphere", ...region } });
    for (const [move, x] of [
      [() => session().command("transform.apply"), 5],
      [() => session().travel(0), 0],
    ] as const) {
      await move();
      const object = { center: [x, 0, 0], radius: 1 };
      expect(state().form).toMatchObject({ region: { kind: "sphere", ...object }, focus: object });
      expect(objectOf(state())).toEqual(object);
    }
  });

  it("keeps the scene when a file is refused, and shows the two texts of the error", async () => {
    await begin({
      openScene: ({ name }) => {
        if (name === "bad.ply") throw new UserError("“bad.ply” is empty.", "Choose another.");
        return { ...INFO, name, isOpenElsewhere: false };
      },
    });
    await session().openFile(new File([], "bad.ply"));
    expect(state()).toMatchObject({
      scene: { name: "apple.ply" },
      demo: "apple",
      problem: { message: "“bad.ply” is empty.", hint: "Choose another." },
    });
    session().dismissProblem();
    expect(state().problem).toBeUndefined();
    await session().openFile(new File([], "good.ply"));
    expect(state()).toMatchObject({ scene: { name: "good.ply" }, demo: undefined, problem: undefined });
    expect(logged()).toContain("7 bytes after the last splat were ignored.");
  });

  it("offers unsaved work while the model still loads, and opens it", async () => {
    let loaded = (): void => {};
    const begun = begin({
      loadModel: () => new Promise((resolve) => (loaded = () => resolve(MODEL))),
      listRecovery: () => [{ id: "7", name: "lost.ply", time: 0, changes: 2 }],
      recover: () => ({ ...INFO, name: "lost.ply" }),
    });
    await vi.waitFor(() => expect(state().recovery).toMatchObject([{ id: "7" }]));
    await session().recover("7");
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
    const first = session().openAddress("https://example.org/slow.ply");
    await vi.waitFor(() => expect(state().loading).toBeDefined());
    session().stopLoading();
    await first;
    expect(state()).toMatchObject({ scene: { name: "apple.ply" }, demo: "apple", problem: undefined });
    expect(state().busy).toBeUndefined();
    void session().openAddress("https://example.org/slow.ply");
    await vi.waitFor(() => expect(state().loading).toBeDefined());
    await session().openFile(new File([], "other.ply"));
    expect(state()).toMatchObject({ scene: { name: "other.ply" }, loading: undefined, problem: undefined });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it("refuses a file that memory cannot hold in one piece, and one that is not there any more", async () => {
    await begin();
    const unread = () => Promise.reject(new DOMException("gone", "NotReadableError"));
    await session().openFile({ name: "huge.ply", size: 2 ** 31, arrayBuffer: unread } as unknown as File);
    expect(state().problem?.message).toBe("“huge.ply” is larger than 2 GiB.");
    await session().openFile({ name: "gone.ply", size: 9, arrayBuffer: unread } as unknown as File);
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
    await session().openFile(new File([], "mine.ply"));
    expect(state()).toMatchObject({ scene: { name: "mine.ply" }, problem: { message: warning } });
  });

  it("gives up a file that is read when told to, or when another scene is asked for", async () => {
    let giveUp = (): void => {};
    const openScene: Handlers<EngineCalls>["openScene"] = ({ name }) =>
      new Promise((resolve, reject) => {
        if (name !== "large.ply") return resolve({ ...INFO, name, isOpenElsewhere: false });
        giveUp = () => reject(new DOMException("", "AbortError"));
        engine().server.emit("reading", { share: 0.25 });
      });
    await begin({ openScene, stopReading: () => giveUp() });
    const first = session().openFile(new File([], "large.ply"));
    await vi.waitFor(() => expect(state().loading).toEqual({ share: 0.25 }));
    session().stopLoading();
    await first;
    expect(state()).toMatchObject({ scene: { name: "apple.ply" }, loading: undefined, problem: undefined });
    expect(state().busy).toBeUndefined();
    void session().openFile(new File([], "large.ply"));
    await vi.waitFor(() => expect(state().loading).toBeDefined());
    await session().openFile(new File([], "other.ply"));
    expect(state()).toMatchObject({ scene: { name: "other.ply" }, loading: undefined, problem: undefined });
  });
});
