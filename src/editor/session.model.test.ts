import { describe, expect, it, vi } from "vitest";
import { UserError } from "../core/errors.ts";
import { PUBLISHED_FREE_U } from "../onnx/passes/free-u.ts";
import { memoryFileSystem } from "../models/testing/memory-handles.ts";
import type { EngineCalls } from "../worker/protocol.ts";
import type { Handlers } from "../worker/rpc.ts";
import { MODEL, sessionTests } from "./testing/session.ts";

describe("the model of a session", () => {
  const { begin, logged, requestsOf, session, state } = sessionTests();

  it("loads a stored encoder in place of the model's own, says so, and forgets it with the model", async () => {
    await begin({ loadModel: () => ({ ...MODEL, encoder: "taesd" }), compareEncoders: () => [0.9, 0.8] });
    const tiny = { kind: "stored", id: "tiny" } as const;
    await session().chooseEncoder(tiny);
    expect(requestsOf("loadModel").at(-1)).toMatchObject({ encoder: { kind: "stored", id: "tiny" } });
    expect(state().encoder).toBe(tiny);
    expect(logged().at(-1)).toContain("with the encoder of tiny (taesd)");
    expect(await session().compareEncoders()).toEqual([0.9, 0.8]);
    await session().chooseEncoder({ kind: "folder", name: "taesd", files: [] });
    expect(requestsOf("loadModel").at(-1)).toMatchObject({ encoder: { kind: "folder", name: "taesd" } });
    expect(logged().at(-1)).toContain("with the encoder of taesd (taesd)");
    await session().chooseModel({ kind: "embedded", id: "mini-256" });
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
    await session().chooseFreeU(factors);
    expect(state()).toMatchObject({ freeU: factors, model: { value: { freeU: factors } } });
    expect(logged().at(-1)).toContain("FreeU b1=1.5 b2=1.6 s1=0.9 s2=0.2");
    await session().chooseFreeU({ ...factors, b1: 0 });
    expect(state()).toMatchObject({ freeU: factors, problem: { message: "Not that." } });
    await session().chooseProvider("wasm");
    expect(requestsOf("loadModel").at(-1)).toMatchObject({ freeU: factors });
    await session().chooseModel({ kind: "embedded", id: "mini-256" });
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
    await session().chooseModel(other);
    await session().chooseModel({ kind: "folder", name: "mine", files: [] }); // gone with the page
    await session().chooseMemory(undefined);
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
      await session().chooseKeptFolder();
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
      await session().chooseKeptFolder();
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

  it("keeps the model, and where it runs, when another cannot be loaded", async () => {
    await begin({
      loadModel: ({ source, provider }) => {
        if (source.kind === "address" && provider === "auto") return MODEL;
        throw new UserError("It is not stored.", "Download it first.");
      },
    });
    const before = state().model;
    await session().chooseModel({ kind: "stored", id: "owner/name" });
    expect(requestsOf("loadModel").at(-1)).toMatchObject({ source: { kind: "stored", id: "owner/name" } });
    await session().chooseProvider("webgpu");
    expect(state()).toMatchObject({
      ...{ model: before, chosen: { kind: "embedded", id: "mini" }, provider: "auto" },
      problem: { message: "It is not stored.", hint: "Download it first." },
    });
  });

  it("names the words that the model does not know", async () => {
    await begin();
    session().fill({ target: "a pink apple" });
    await vi.waitFor(() => expect(state().unread.target.unknown).toEqual(["pink"]));
    session().fill({ negative: "a pink pear" });
    await vi.waitFor(() => expect(state().unread.negative.unknown).toEqual(["pink"]));
  });
});
