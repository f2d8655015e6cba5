import { afterEach, beforeEach, expect, test } from "vitest";
import { exportedFiles } from "../diffusion/testing/exports.ts";
import { opfsStore } from "../models/opfs-store.ts";
import { startHub, type HubServer } from "../models/testing/hub-server.node.ts";
import { memoryFileSystem, type Disk } from "../models/testing/memory-handles.ts";
import { createModelsHost } from "../worker/models-host.ts";
import type { ModelsCalls, ModelsEvents } from "../worker/models-protocol.ts";
import { connectRpc, serveRpc, type Port, type RpcServer } from "../worker/rpc.ts";
import { memoryLocks } from "../worker/tab-locks.ts";
import { createModels, type Models } from "./models.ts";
import { createReporting } from "./reporting.ts";
import { createSessionStore, type SessionStore } from "./store.ts";

const ID = "owner/name";
const WEIGHTS = "unet/weights.pb";
const NOISE = { timesteps: [{ t: 100, error: 0.031 }], error: 0.031, worst: 0.04 };

let hub: HubServer;
let disk: Disk;
let session: SessionStore;
let models: Models;
let close: () => void;

/** The worker's host behind a real port; storage and network are stood in for, and nothing is measured. */
beforeEach(async () => {
  hub = await startHub(exportedFiles("sd15-diffusers"), { cardData: { license: "mit" } });
  disk = { capacity: Infinity };
  const { root, quota } = memoryFileSystem(disk);
  const store = opfsStore(() => Promise.resolve(root), quota);
  const { port1, port2 } = new MessageChannel();
  const server: RpcServer<ModelsEvents> = serveRpc<ModelsCalls, ModelsEvents>(
    port1 as Port,
    createModelsHost((...event) => server.emit(...event), {
      ...{ store: () => store, fetch, locks: memoryLocks(), measure: () => Promise.resolve(NOISE) },
      patience: { delays: [1], stall: 5_000 },
    }),
  );
  port1.start();
  port2.start();
  close = () => port1.close();
  session = createSessionStore();
  models = createModels(connectRpc(port2 as Port), createReporting(session), () => Promise.resolve(true));
  models.setHub(`${hub.url}/`);
});
afterEach(async () => {
  close();
  await hub.close();
});

const state = () => models.store.getState();
const states = () => state().stored.map((model) => [model.id, model.state]);
const fetched = async (): Promise<void> => {
  await models.look(ID);
  await models.acceptOffer();
};

test("what is looked at is offered with its licence, and fetched when that is agreed to", async () => {
  await models.look(ID);
  expect(state()).toMatchObject({ offer: { id: ID, licence: { name: "MIT" } }, looking: undefined });
  expect(state().stored).toEqual([]);

  const download = models.acceptOffer();
  expect(state().work).toMatchObject({ [ID]: {} });
  await download;
  expect(state()).toMatchObject({ work: {}, note: `${ID} is complete.`, offer: undefined });
  expect(states()).toEqual([[ID, "complete"]]);
  expect(session.getState().log.at(-1)).toMatchObject({ text: `${ID} is complete.` });

  await models.verify(ID);
  expect(state().note).toBe(`${ID} is good.`);
  await models.quantize({ kind: "stored", id: ID }, "fp16");
  expect(state().note).toMatch(
    /^owner\/name-fp16 is made\. It changes the gradient of an edit by 3\.1 % .*: edits will differ/,
  );
  await models.remove(ID);
  expect(states()).toEqual([["owner/name-fp16", "complete"]]);
});

test("a download is paused and gone on with", async () => {
  hub.trouble.set(WEIGHTS, { slow: 2_000 });
  await models.look(ID);
  const download = models.acceptOffer();
  await expect.poll(() => state().work[ID]?.text).toMatch(/^Downloading: \d+ %, .* of .*/);
  await expect.poll(states).toEqual([[ID, "downloading"]]);
  await models.pause(ID);
  await download;
  expect(state()).toMatchObject({ note: `${ID} is paused.`, problem: undefined, work: {} });
  expect(states()).toEqual([[ID, "partial"]]);

  hub.trouble.clear();
  await models.resume(ID);
  expect(states()).toEqual([[ID, "complete"]]);
});

test("what goes wrong is told in words, and taken back by the next attempt", async () => {
  await models.look("owner/absent");
  expect(state().problem!.message).toContain("is not there");
  await models.look(ID);
  expect(state().problem).toBeUndefined();

  disk.capacity = 50_000;
  await models.acceptOffer();
  expect(state().problem!.message).toMatch(/^There is not enough room on the disk: .* needed and .* free\./);
  expect(state().work).toEqual({});
  disk.capacity = Infinity;
  await fetched();
  expect(state()).toMatchObject({ problem: undefined, note: `${ID} is complete.` });
});

test("of two looks, the later one counts", async () => {
  await Promise.all([models.look("owner/absent"), models.look(ID)]);
  expect(state()).toMatchObject({ offer: { id: ID }, problem: undefined });
});

test("of a model elsewhere, its encoder can be taken alone, and never in place of the whole", async () => {
  models.setPurpose("codec");
  await models.look(ID);
  const { purpose, files } = state().offer!;
  expect(purpose).toBe("codec");
  expect(files.map(({ path }) => path)).toContain("vae_encoder/model.onnx");
  expect(files.some(({ path }) => /^(unet|text_encoder|vae_decoder)\/(model|weights)/.test(path))).toBe(
    false,
  );
  await models.acceptOffer();
  expect(state().stored).toMatchObject([{ id: ID, state: "complete", purpose: "codec" }]);

  models.setPurpose("model");
  await fetched();
  const [whole] = state().stored;
  expect(whole).toMatchObject({ id: ID, state: "complete", purpose: "model" });
  models.setPurpose("codec");
  await fetched();
  expect(state()).toMatchObject({ problem: undefined, stored: [whole] });
});

test("of a folder that is no whole model, the encoder can be taken", async () => {
  const files = Object.entries(exportedFiles("sd15-diffusers"))
    .filter(([path]) => path.startsWith("vae_encoder/"))
    .map(([path, bytes]) => ({ path, file: new File([bytes as Uint8Array<ArrayBuffer>], path) }));
  const folder = { name: "small", files };
  await models.pick(Promise.resolve(folder));
  expect(state()).toMatchObject({
    folder: undefined,
    problem: { message: expect.stringContaining("has no") },
  });
  models.setPurpose("codec");
  await models.pick(Promise.resolve(folder));
  expect(state()).toMatchObject({ folder, problem: undefined });
  await models.pick(Promise.resolve({ name: "empty", files: [] }));
  expect(state().problem).toMatchObject({ message: "The folder “empty” has no vae_encoder/model.onnx." });
});

test("a folder that holds no model is told at once; a window that was closed is not", async () => {
  const files = Object.entries(exportedFiles("sd15-diffusers")).map(([path, bytes]) => ({
    path,
    file: new File([bytes as Uint8Array<ArrayBuffer>], path),
  }));
  await models.pick(Promise.resolve({ name: "mine", files }));
  expect(state()).toMatchObject({ folder: { name: "mine" }, problem: undefined });
  const withoutUnet = files.filter(({ path }) => !path.startsWith("unet/"));
  await models.pick(Promise.resolve({ name: "half", files: withoutUnet }));
  expect(state().folder).toBeUndefined();
  expect(state().problem!.message).toBe("The folder “half” has no unet/model.onnx.");
  await models.pick(Promise.reject(new DOMException("closed", "AbortError")));
  expect(state().problem).toBeUndefined();
});
