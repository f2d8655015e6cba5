import { afterEach, beforeEach, expect, test } from "vitest";
import { UserError } from "../core/errors.ts";
import { measureFolders } from "../diffusion/measure-folders.ts";
import { openModelFolder } from "../diffusion/model-folder.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import { exportedFiles } from "../diffusion/testing/exports.ts";
import { createModelStore } from "../models/model-store.ts";
import { opfsStore } from "../models/opfs-store.ts";
import { startHub } from "../models/testing/hub-server.node.ts";
import type { HubServer } from "../models/testing/hub-server.node.ts";
import { memoryFileSystem } from "../models/testing/memory-handles.ts";
import type { Disk } from "../models/testing/memory-handles.ts";
import { createModelsHost } from "./models-host.ts";
import type { ModelsHost } from "./models-host.ts";
import type { LocalSource, ModelsCalls, ModelsEvents } from "./models-protocol.ts";
import { connectRpc, serveRpc } from "./rpc.ts";
import type { Port, RpcServer } from "./rpc.ts";
import { memoryLocks, modelInUse } from "./tab-locks.ts";

useNodeRuntime();

const ID = "owner/name";
const WEIGHTS = "unet/weights.pb";
const files = exportedFiles("sd15-diffusers");

let hub: HubServer;
let disk: Disk;
let store: ReturnType<typeof opfsStore>;
let held: Set<string>;
let ports: MessagePort[];
let events: { [K in keyof ModelsEvents]: ModelsEvents[K][] };

/** A tab of the browser, seen through its worker's port; all share storage and locks. */
function openTab(measure: ModelsHost["measure"] = () => Promise.reject(new Error("not now"))) {
  const { port1, port2 } = new MessageChannel();
  const server: RpcServer<ModelsEvents> = serveRpc<ModelsCalls, ModelsEvents>(
    port1 as Port,
    createModelsHost((...event) => server.emit(...event), {
      ...{ store: () => store, fetch, locks: memoryLocks(held), measure },
      patience: { delays: [1], stall: 5_000 },
    }),
  );
  const client = connectRpc<ModelsCalls, ModelsEvents>(port2 as Port);
  client.on("progress", (progress) => events.progress.push(progress));
  client.on("making", (progress) => events.making.push(progress));
  for (const port of [port1, port2]) {
    port.start();
    ports.push(port);
  }
  return client;
}
const measureOnCpu: ModelsHost["measure"] = (exact, quantized) =>
  measureFolders(exact, quantized, {
    backend: { provider: "wasm" },
    edits: [{ source: "a apple", target: "a photo" }],
  });
const probe = (tab = openTab()) => tab.call("probe", { text: ID, hub: hub.url });
const quantized = (weights: string): object => ({ id: `${ID}-${weights}`, state: "complete" });

beforeEach(async () => {
  hub = await startHub(files);
  disk = { capacity: Infinity };
  const { root, quota } = memoryFileSystem(disk);
  store = opfsStore(() => Promise.resolve(root), quota);
  held = new Set();
  ports = [];
  events = { progress: [], making: [] };
});
afterEach(async () => {
  for (const port of ports) port.close();
  await hub.close();
});

test("a model is fetched, quantized, measured and opened; asked for again, it is there", async () => {
  const tab = openTab(measureOnCpu);
  expect(await tab.call("download", { offer: await probe(tab), accepted: false })).toBe("complete");
  const source: LocalSource = { kind: "stored", id: ID };
  const { id, parts, noise } = await tab.call("quantize", { source, to: "int8" });
  expect(id).toBe("owner/name-int8");
  expect(parts.map(({ part, format }) => [part, format])).toEqual([
    ["text_encoder", "int8"],
    ["unet", "int8"],
    ["vae_encoder", "float16"],
    ["vae_decoder", "float16"],
  ]);
  expect(noise!.error).toBeGreaterThan(0);
  expect(noise!.error).toBeLessThan(0.1);
  expect(await tab.call("list", {})).toMatchObject([
    { id: ID, state: "complete" },
    { ...quantized("int8"), origin: { from: ID, weights: "int8", noise } },
  ]);
  expect((await tab.call("verify", { id })).every(({ state }) => state === "good")).toBe(true);

  const models = createModelStore({ store, net: { fetch, hub: hub.url } });
  expect((await openModelFolder(await models.open(id))).sampleSize).toBe(8);
  expect(events.making.map(({ part }) => part)).toContain("unet");
  expect(await tab.call("quantize", { source, to: "int8" })).toEqual({ id, parts: [], noise });
});

test("a folder from disk is quantized without a copy of it", async () => {
  const picked = Object.entries(files).map(([path, bytes]) => ({
    path,
    file: new File([bytes as Uint8Array<ArrayBuffer>], path.split("/").at(-1)!),
  }));
  const tab = openTab();
  const result = await tab.call("quantize", {
    source: { kind: "folder", name: "mine", files: picked },
    to: "fp16",
  });
  expect(result.unmeasured).toBe("not now");
  expect(await tab.call("list", {})).toMatchObject([
    { id: "mine-fp16", title: "mine, float16", state: "complete" },
  ]);
});

test("measuring what it has done is stopped, and the model stays", async () => {
  let isMeasuring = false;
  const tab = openTab(async (exact, quantized, signal) => {
    isMeasuring = true;
    await new Promise((stopped) => signal.addEventListener("abort", stopped));
    return measureFolders(exact, quantized, { backend: { provider: "wasm" }, signal });
  });
  await tab.call("download", { offer: await probe(tab), accepted: false });
  const id = `${ID}-int8`;
  const quantized = tab.call("quantize", { source: { kind: "stored", id: ID }, to: "int8" });
  await expect.poll(() => isMeasuring, { timeout: 60_000 }).toBe(true);
  await tab.call("pause", { id });
  expect(await quantized).toMatchObject({ id, unmeasured: "it was stopped." });
  expect(await tab.call("list", {})).toMatchObject([{ id: ID }, { id, state: "complete" }]);
});

test("two tabs do not work on one model at once", async () => {
  hub.trouble.set(WEIGHTS, { stall: { after: 1000, times: 1 } });
  const [tab, other] = [openTab(), openTab()];
  const offer = await probe(tab);
  const first = tab.call("download", { offer, accepted: false });
  await expect.poll(() => events.progress.at(-1)?.file).toMatchObject({ path: WEIGHTS, bytes: 1000 });
  await expect(other.call("download", { offer, accepted: false })).rejects.toThrow(/another tab/);
  await tab.call("pause", { id: ID });
  expect(await first).toBe("paused");
  expect(await other.call("resume", { id: ID })).toBe("complete");
});

test("a model that a tab reads is not deleted from another, until that lets go of it", async () => {
  const tab = openTab();
  await tab.call("download", { offer: await probe(tab), accepted: false });
  const locks = memoryLocks(held); // the engines of two other tabs
  const users = [await locks.share(modelInUse(ID)), await locks.share(modelInUse(ID))];
  for (const letGo of users) {
    const refusal = tab.call("remove", { id: ID });
    await expect(refusal).rejects.toMatchObject({ name: "UserError", message: /in use/, hint: /close/ });
    letGo!();
  }
  const deleting = await locks.hold(modelInUse(ID)); // as a third tab does meanwhile
  expect(await locks.share(modelInUse(ID))).toBeUndefined();
  const source: LocalSource = { kind: "stored", id: ID };
  await expect(tab.call("quantize", { source, to: "fp16" })).rejects.toThrow(/being deleted/);
  deleting!();

  const deleted = () => tab.call("remove", { id: ID }).then(() => Promise.reject(new Error("deleted")));
  const { unmeasured } = await openTab(deleted).call("quantize", { source, to: "fp16" });
  expect(unmeasured).toMatch(/in use/);
  await tab.call("remove", { id: `${ID}-fp16` });
  await tab.call("remove", { id: ID });
  expect(await tab.call("list", {})).toEqual([]);
  expect(held.size).toBe(0);
});

test("nothing stays of a quantization that is ended or finds the disk full", async () => {
  const tab = openTab();
  await tab.call("download", { offer: await probe(tab), accepted: false });
  const source: LocalSource = { kind: "stored", id: ID };

  const ended = tab.call("quantize", { source, to: "int4" });
  const outcome = ended.then(
    () => "made",
    (error: Error) => error.name,
  );
  await expect.poll(() => events.making.length).toBeGreaterThan(0);
  await tab.call("pause", { id: `${ID}-int4` });
  expect(await outcome).toBe("AbortError");

  const { bytes } = (await tab.call("list", {}))[0]!;
  disk.capacity = bytes + 20_000;
  await expect(tab.call("quantize", { source, to: "int4" })).rejects.toThrow(UserError);
  expect((await tab.call("list", {})).map(({ id }) => id)).toEqual([ID]);
});

test("a damaged quantized model is to be made again, as there is no address to mend it from", async () => {
  const tab = openTab();
  await tab.call("download", { offer: await probe(tab), accepted: false });
  const source: LocalSource = { kind: "stored", id: ID };
  const { id } = await tab.call("quantize", { source, to: "fp16" });
  const writer = await store.append("owner%2Fname-fp16/files/unet/model.onnx", 0);
  await writer.close();
  expect(await tab.call("verify", { id })).toContainEqual({ path: "unet/model.onnx", state: "damaged" });
  await expect(tab.call("resume", { id })).rejects.toThrow(/not whole/);
  await tab.call("remove", { id });
  expect(await tab.call("quantize", { source, to: "fp16" })).toMatchObject({ id });
});
