import { UserError, isAbort } from "../core/errors.ts";
import type { FolderSource } from "../diffusion/folder-source.ts";
import type { NoiseReport } from "../diffusion/quantization-noise.ts";
import type { Part } from "../diffusion/ports.ts";
import { quantizeFolder } from "../diffusion/quantize-folder.ts";
import type { ByteStore } from "../models/byte-store.ts";
import { findOffer } from "../models/catalogue.ts";
import { HUB } from "../models/location.ts";
import { openSource } from "../models/model-source.ts";
import { createModelStore } from "../models/model-store.ts";
import { quantization, quantizedId } from "../models/quantizing.ts";
import type { QuantizationId } from "../models/quantizing.ts";
import type { Patience } from "../models/retry.ts";
import type { LocalSource, ModelsCalls, ModelsEvents, Quantized } from "./models-protocol.ts";
import type { Handlers, RpcServer } from "./rpc.ts";
import { modelInUse, useStoredModel, type TabLocks } from "./tab-locks.ts";

/** What the host does its work with. */
export interface ModelsHost {
  /** Called when first needed: not every browser has one. */
  readonly store: () => ByteStore;
  readonly fetch: typeof fetch;
  readonly locks: TabLocks;
  /** What quantizing has done. Rejects with the signal's reason when that ends it. */
  readonly measure: (
    exact: FolderSource,
    quantized: FolderSource,
    signal: AbortSignal,
  ) => Promise<NoiseReport>;
  readonly patience?: Patience;
}

const INTERVAL = 100; // ms, between reports of progress

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const nameOf = (source: LocalSource): string => (source.kind === "stored" ? source.id : source.name);

/** Keeps the models of this origin: fetches, checks, quantizes and deletes them. */
export function createModelsHost(
  emit: RpcServer<ModelsEvents>["emit"],
  { store, fetch, locks, measure, patience }: ModelsHost,
): Handlers<ModelsCalls> {
  let opened: ReturnType<typeof createModelStore> | undefined;
  const models = () =>
    (opened ??= createModelStore({
      store: store(),
      net: { fetch, hub: HUB },
      ...(patience && { patience }),
    }));
  const measuring = new Map<string, AbortController>();
  const onProgress = (progress: ModelsEvents["progress"]): void => emit("progress", progress);

  /** One tab at a time works on a model. */
  const alone = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const release = await locks.hold(`splatsmith-model:${id}`);
    if (!release)
      throw new UserError(
        `${id} is being worked on already, here or in another tab.`,
        "Wait until that has ended, or pause it there.",
      );
    try {
      return await work();
    } finally {
      release();
    }
  };

  /** A model that some tab reads stays. */
  const unused = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const release = await locks.hold(modelInUse(id));
    if (!release)
      throw new UserError(
        `${id} is in use, here or in another tab.`,
        "Choose another model there, wait until it is quantized, or close that tab, and delete it then.",
      );
    try {
      return await work();
    } finally {
      release();
    }
  };

  const known = async (id: string) => (await models().list()).find((model) => model.id === id);

  const make = async (source: LocalSource, to: QuantizationId): Promise<Quantized> => {
    const { label, weights, formats, linear } = quantization(to);
    const name = nameOf(source);
    const id = quantizedId(name, to);
    const before = await known(id);
    if (before?.state === "complete") {
      const { noise } = before.origin ?? {};
      return { id, parts: [], ...(noise && { noise }) };
    }
    const from = await known(name);
    const folder = await openSource(source, models);
    let due = 0;
    const report = (part: Part, share: number): void => {
      if (share < 1 && performance.now() < due) return;
      due = performance.now() + INTERVAL;
      emit("making", { id, part, share });
    };
    const design = {
      id,
      title: `${from?.title ?? folder.name}, ${label.toLowerCase()}`,
      origin: { from: name, weights },
      ...(from?.licence && { licence: from.licence }),
    };
    const parts = await models().make(design, (sink, signal) =>
      quantizeFolder(folder, sink, {
        ...{ formats, linear, signal },
        onProgress: (part, done, total) => report(part, done / total),
      }),
    );
    emit("making", { id, part: undefined, share: 0 });
    const stop = new AbortController();
    measuring.set(id, stop);
    try {
      const noise = await measure(folder, await models().open(id), stop.signal);
      await models().measured(id, noise);
      return { id, parts, noise };
    } catch (error) {
      // The model is good; it is only not known how good.
      return { id, parts, unmeasured: isAbort(error) ? "it was stopped." : messageOf(error) };
    } finally {
      measuring.delete(id);
    }
  };

  return {
    list: () => models().list(),
    room: () => models().room(),
    probe: ({ text, hub, purpose }) => findOffer({ fetch, hub }, text, purpose && { purpose }),
    download: ({ offer, accepted }) =>
      alone(offer.id, () => models().download(offer, { accepted, onProgress })),
    resume: ({ id }) => alone(id, () => models().resume(id, { onProgress })),
    async pause({ id }) {
      measuring.get(id)?.abort();
      await models().pause(id);
    },
    async verify({ id }) {
      try {
        return await alone(id, () => models().verify(id, onProgress));
      } catch (error) {
        if (isAbort(error)) return [];
        throw error;
      }
    },
    async remove({ id }) {
      await unused(id, async () => {
        await models().pause(id);
        await alone(id, () => models().delete(id));
      });
    },
    async quantize({ source, to }) {
      const letGo = source.kind === "stored" ? await useStoredModel(locks, source.id) : () => {};
      try {
        return await alone(quantizedId(nameOf(source), to), () => make(source, to));
      } finally {
        letGo();
      }
    },
  };
}
