import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openModelFolder } from "../diffusion/model-folder.ts";
import { StoreFullError } from "./byte-store.ts";
import { DamagedFileError } from "./download-file.ts";
import { parseLocation } from "./location.ts";
import { createModelStore, LicenceError } from "./model-store.ts";
import type { ModelStore } from "./model-store.ts";
import { ConnectionError, StatusError } from "./net.ts";
import { opfsStore } from "./opfs-store.ts";
import { probe } from "./probe.ts";
import type { Offer } from "./probe.ts";
import type { ModelProgress } from "./progress.ts";
import { startHub } from "./testing/hub-server.node.ts";
import type { Files, HubServer, HubServerOptions } from "./testing/hub-server.node.ts";
import { memoryFileSystem } from "./testing/memory-handles.ts";
import type { Disk } from "./testing/memory-handles.ts";
import { modelFiles, noise } from "./testing/model-files.ts";

const WEIGHTS = "unet/weights.pb";
const ID = "owner/name";

let hub: HubServer;
let disk: Disk;
let store: ReturnType<typeof opfsStore>;
let models: ModelStore;
let files: Record<string, Uint8Array | string>;

const patience = { delays: [1, 1], stall: 200 };
const start = async (content: Files = files, options?: HubServerOptions): Promise<void> => {
  hub = await startHub(content, options);
  reload();
};
/** A new page over what the one before has stored. */
const reload = (): void => {
  models = createModelStore({ store, net: { fetch, hub: hub.url }, patience });
};
const offer = (): Promise<Offer> => probe({ fetch, hub: hub.url }, parseLocation(ID, hub.url));
const weightsAsked = () => hub.log.filter(({ path, method }) => path.endsWith(WEIGHTS) && method === "GET");
const stored = async (path: string): Promise<Uint8Array> =>
  new Uint8Array(await (await store.open(`owner%2Fname/files/${path}`)).arrayBuffer());
const expectWhole = async (): Promise<void> => {
  // Comparing so many elements one by one takes Vitest seconds.
  expect(Buffer.compare(await stored(WEIGHTS), files[WEIGHTS] as Uint8Array)).toBe(0);
  expect(await models.list()).toMatchObject([{ id: ID, state: "complete" }]);
};

beforeEach(async () => {
  files = modelFiles();
  disk = { capacity: Infinity };
  const { root, quota } = memoryFileSystem(disk);
  store = opfsStore(() => Promise.resolve(root), quota);
  await start();
});
afterEach(() => hub.close());

test("a model is fetched, listed, opened, checked and deleted", async () => {
  expect(await models.list()).toEqual([]);
  const wanted = await offer();
  expect(await models.download(wanted)).toBe("complete");
  await expectWhole();
  const [listed] = await models.list();
  expect(listed!.total).toBe(wanted.bytes);

  const folder = await openModelFolder(await models.open(ID));
  const { externalData } = await folder.graph("unet");
  expect(externalData).toMatchObject([{ path: "weights.pb", data: expect.any(Blob) as Blob }]);

  expect((await models.verify(ID)).every(({ state }) => state === "good")).toBe(true);
  await models.delete(ID);
  expect(await models.list()).toEqual([]);
  await expect(models.open(ID)).rejects.toThrow("owner/name is not stored.");
});

test("the browser's cache is asked to keep no second copy", async () => {
  const caches: (RequestCache | undefined)[] = [];
  const noted: typeof fetch = (url, init) => {
    caches.push(init?.cache);
    return fetch(url, init);
  };
  await createModelStore({ store, net: { fetch: noted, hub: hub.url }, patience }).download(await offer());
  expect(new Set(caches)).toEqual(new Set(["no-store"]));
});

test("what is there already is not fetched again", async () => {
  await models.download(await offer());
  const again = await offer();
  const before = hub.log.length;
  expect(await models.download(again)).toBe("complete");
  expect(hub.log.slice(before)).toEqual([]);
});

test("progress tells of each file and of the whole, and ends full", async () => {
  hub.trouble.set(WEIGHTS, { slow: 2_000_000 });
  const seen: ModelProgress[] = [];
  const wanted = await offer();
  await models.download(wanted, { onProgress: (progress) => seen.push(progress) });
  const last = seen.at(-1)!;
  expect(last).toMatchObject({
    id: ID,
    state: "downloading",
    files: wanted.files.length,
    bytes: wanted.bytes,
  });
  expect(last.total).toBe(wanted.bytes);
  expect(last.file).toMatchObject({ path: WEIGHTS, bytes: 400_000, total: 400_000 });
  expect(last.bytesPerSecond).toBeGreaterThan(500_000);
  expect(last.bytesPerSecond).toBeLessThan(8_000_000);
  expect(last.secondsLeft).toBe(0);
  const sums = seen.map(({ bytes }) => bytes);
  expect(sums).toEqual([...sums].sort((a, b) => a - b));
  expect(structuredClone(last)).toEqual(last);
});

describe("a licence", () => {
  const cardData = { license: "creativeml-openrail-m" };
  test("is agreed to before anything is fetched, and stays with what is stored", async () => {
    await hub.close();
    await start(files, { cardData });
    const wanted = await offer();
    await expect(models.download(wanted)).rejects.toThrow(LicenceError);
    await expect(models.download(wanted)).rejects.toThrow(/CreativeML OpenRAIL-M \(https:/);
    expect(await models.list()).toEqual([]);
    expect(await models.download(wanted, { accepted: true })).toBe("complete");
    expect(await models.list()).toMatchObject([{ licence: { name: "CreativeML OpenRAIL-M" } }]);
  });
});

describe("a download that ends early goes on where it was", () => {
  /** Starts one, and stops it in the middle of the weights. */
  const pauseInWeights = async (): Promise<number> => {
    hub.trouble.set(WEIGHTS, { slow: 400_000 });
    const outcome = models.download(await offer(), {
      onProgress: ({ file }) => {
        if (file.path === WEIGHTS && file.bytes > 50_000) void models.pause(ID);
      },
    });
    expect(await outcome).toBe("paused");
    expect(await models.list()).toMatchObject([{ state: "partial" }]);
    hub.trouble.clear();
    return (await store.size(`owner%2Fname/files/${WEIGHTS}`))!;
  };

  test("after a pause, and a reload", async () => {
    const there = await pauseInWeights();
    expect(there).toBeGreaterThan(50_000);
    expect(there).toBeLessThan(400_000);
    await expect(models.open(ID)).rejects.toThrow(/not complete: .* of .* are there/);
    reload();
    const states: string[] = [];
    expect(await models.resume(ID, { onProgress: ({ state }) => states.push(state) })).toBe("complete");
    expect(states[0]).toBe("checking");
    expect(weightsAsked().at(-1)!.range).toBe(`bytes=${there}-`);
    await expectWhole();
  });

  test("on a server without parts it begins again", async () => {
    await pauseInWeights();
    hub.trouble.set(WEIGHTS, { noRanges: true });
    expect(await models.resume(ID)).toBe("complete");
    await expectWhole();
  });

  test("when the file has changed meanwhile, a new offer replaces it", async () => {
    await pauseInWeights();
    files[WEIGHTS] = noise(400_000, 7);
    hub.put(WEIGHTS, files[WEIGHTS]);
    expect(await models.download(await offer())).toBe("complete");
    await expectWhole();
  });

  test("and without a hash, the server's mark tells a change", async () => {
    const { files: offered, ...rest } = await offer();
    const bare = { ...rest, files: offered.map(({ path, url }) => ({ path, url })) };
    hub.trouble.set(WEIGHTS, { slow: 400_000 });
    const outcome = models.download(bare, {
      onProgress: ({ file }) => {
        if (file.path === WEIGHTS && file.bytes > 50_000) void models.pause(ID);
      },
    });
    expect(await outcome).toBe("paused");
    hub.trouble.clear();
    files[WEIGHTS] = noise(400_000, 7);
    hub.put(WEIGHTS, files[WEIGHTS]);
    expect(await models.resume(ID)).toBe("complete");
    await expectWhole();
    expect((await models.verify(ID)).every(({ state }) => state === "good")).toBe(true);
  });

  test("deleting one ends it", async () => {
    hub.trouble.set(WEIGHTS, { slow: 100_000 });
    const outcome = models.download(await offer(), {
      onProgress: ({ file }) => {
        if (file.path === WEIGHTS) void models.delete(ID);
      },
    });
    expect(await outcome).toBe("paused");
    await models.delete(ID);
    expect(await store.list("")).toEqual([]);
  });

  test("one at a time", async () => {
    hub.trouble.set(WEIGHTS, { slow: 400_000 });
    const wanted = await offer();
    const first = models.download(wanted);
    await expect(models.download(wanted)).rejects.toThrow(/is being downloaded/);
    await models.pause(ID);
    expect(await first).toBe("paused");
  });
});

describe("a connection", () => {
  test("that is cut is taken up again by itself", async () => {
    hub.trouble.set(WEIGHTS, { cut: { after: 150_000, times: 2 } });
    expect(await models.download(await offer())).toBe("complete");
    const ranges = weightsAsked().map(({ range }) => Number(/\d+/.exec(range!)![0]));
    expect(ranges).toHaveLength(3);
    expect(ranges[1]).toBeGreaterThan(0);
    expect(ranges[2]).toBeGreaterThan(ranges[1]!);
    await expectWhole();
  });

  test("that says nothing for long counts as cut", async () => {
    hub.trouble.set(WEIGHTS, { stall: { after: 100_000, times: 1 } });
    expect(await models.download(await offer())).toBe("complete");
    await expectWhole();
  });

  test("that has brought all is not waited for to end", async () => {
    hub.trouble.set(WEIGHTS, { endless: true });
    const states = new Set<string>();
    const outcome = models.download(await offer(), { onProgress: ({ state }) => states.add(state) });
    expect(await outcome).toBe("complete");
    expect([...states]).toEqual(["downloading"]);
    await expectWhole();
  });

  test("that keeps being cut without a byte is given up, and can be gone on with", async () => {
    hub.trouble.set(WEIGHTS, { cut: { after: 0, times: 99 } });
    await expect(models.download(await offer())).rejects.toThrow(ConnectionError);
    expect(weightsAsked()).toHaveLength(1 + patience.delays.length);
    hub.trouble.clear();
    expect(await models.resume(ID)).toBe("complete");
  });
});

describe("a server's refusal is told in words", () => {
  test.each([
    [{ code: 404, times: 9 }, /is not there \(status 404\)/],
    [{ code: 403, times: 9 }, /gated or private/],
    [{ code: 401, times: 9, error: "GatedRepo" }, /is gated/],
    [{ code: 500, times: 99 }, /server is in trouble/],
  ])("%j", async (status, says) => {
    const wanted = await offer();
    hub.trouble.set(WEIGHTS, { status });
    const failure = models.download(wanted);
    await expect(failure).rejects.toThrow(StatusError);
    await expect(failure).rejects.toThrow(says);
    expect(await models.list()).toMatchObject([{ state: "partial" }]);
  });

  test("a moment of weakness is waited for", async () => {
    const wanted = await offer();
    hub.trouble.set(WEIGHTS, { status: { code: 503, times: 2 } });
    const states = new Set<string>();
    expect(await models.download(wanted, { onProgress: ({ state }) => states.add(state) })).toBe("complete");
    expect(states).toContain("waiting");
  });
});

describe("wrong bytes are not kept", () => {
  test("by their hash", async () => {
    hub.trouble.set(WEIGHTS, { corrupt: true });
    await expect(models.download(await offer())).rejects.toThrow(DamagedFileError);
    expect(await store.size(`owner%2Fname/files/${WEIGHTS}`)).toBeUndefined();
    hub.trouble.clear();
    expect(await models.resume(ID)).toBe("complete");
    await expectWhole();
  });

  test("by their number", async () => {
    const wanted = await offer();
    hub.put(WEIGHTS, noise(1000));
    await expect(models.download(wanted)).rejects.toThrow(/has 1000 bytes|has 1,000 bytes/);
  });

  test("on the disk: a check drops them, and the next download mends", async () => {
    await models.download(await offer());
    const writer = await store.append(`owner%2Fname/files/${WEIGHTS}`, 1000);
    await writer.write(noise(399_000, 3));
    await writer.close();
    await store.remove("owner%2Fname/files/vae_encoder/model.onnx");
    const bad = (await models.verify(ID)).filter(({ state }) => state !== "good");
    expect(bad).toEqual([
      { path: "vae_encoder/model.onnx", state: "absent" },
      { path: WEIGHTS, state: "damaged" },
    ]);
    expect(await models.list()).toMatchObject([{ state: "partial" }]);
    expect(await models.resume(ID)).toBe("complete");
    await expectWhole();
  });
});

describe("a full disk", () => {
  test("is seen before the start", async () => {
    disk.capacity = 300_000;
    const before = hub.log.length;
    const wanted = await offer();
    await expect(models.download(wanted)).rejects.toThrow(/KiB are needed and .* are free/);
    expect(hub.log.slice(before).some(({ path }) => path.endsWith(WEIGHTS))).toBe(false);
  });

  test("on the way keeps what has arrived", async () => {
    const wanted = await offer();
    disk.capacity = 450_000;
    const failure = models.download(wanted, {
      onProgress: ({ file }) => {
        if (file.path === WEIGHTS) disk.capacity = Math.min(disk.capacity, 300_000);
      },
    });
    await expect(failure).rejects.toThrow(StoreFullError);
    await expect(failure).rejects.toThrow(/are needed and .* are free/);
    expect(await store.size(`owner%2Fname/files/${WEIGHTS}`)).toBeGreaterThan(100_000);
    disk.capacity = Infinity;
    expect(await models.resume(ID)).toBe("complete");
    await expectWhole();
  });
});

test("a damaged manifest is listed, replaced by a download, and can be deleted", async () => {
  await store.write("owner%2Fname/manifest.json", new TextEncoder().encode("{"));
  expect(await models.list()).toMatchObject([{ id: ID, state: "damaged" }]);
  await expect(models.open(ID)).rejects.toThrow(/manifest is damaged/);
  expect(await models.download(await offer())).toBe("complete");
  await expectWhole();
});
