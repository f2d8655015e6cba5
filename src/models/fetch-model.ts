import { StoreFullError } from "./byte-store.ts";
import { downloadFile } from "./download-file.ts";
import type { Tools } from "./download-file.ts";
import { filesOf, withFile, writeManifest } from "./manifest.ts";
import type { Manifest, ManifestFile } from "./manifest.ts";
import { createTracker } from "./progress.ts";
import type { ModelProgress } from "./progress.ts";

/**
 * Fetches what a manifest lacks, one file after the other: small files first, so that what is odd shows early. The
 * manifest is kept up to date on the way, so that a download ended by anything goes on later where it was.
 */
export async function fetchModel(
  start: Manifest,
  tools: Tools,
  onProgress: (progress: ModelProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { store } = tools;
  const { id } = start;
  let manifest = start;
  const update = async (path: string, change: Partial<ManifestFile>): Promise<void> => {
    manifest = withFile(manifest, path, change);
    await writeManifest(store, manifest);
  };
  const there = await bytesThere(manifest, tools);
  await checkRoom(manifest, there, tools);
  await writeManifest(store, manifest);
  const tracker = createTracker(() => manifest, there, onProgress);

  const missing = manifest.files.filter(({ isDone }) => !isDone);
  for (const { path } of missing.sort((a, b) => (a.bytes ?? 0) - (b.bytes ?? 0))) {
    const { url, bytes, sha256, etag } = manifest.files.find((file) => file.path === path)!;
    try {
      const facts = await downloadFile(
        { url, path: `${filesOf(id)}/${path}`, bytes, sha256, etag },
        tools,
        {
          onProgress: (state, done) => tracker.at(path, state, done),
          onAnswer: async (answer) => {
            const isNews = answer.etag !== etag || answer.bytes !== bytes;
            if (isNews) await update(path, answer);
          },
        },
        signal,
      );
      await update(path, { ...facts, isDone: true });
    } catch (error) {
      if (!(error instanceof StoreFullError)) throw error;
      throw await full(manifest, tools, error);
    }
  }
}

/** Bytes of each file that the store has. */
async function bytesThere({ id, files }: Manifest, { store }: Tools): Promise<Map<string, number>> {
  const stored = new Map((await store.list(filesOf(id))).map(({ path, bytes }) => [path, bytes]));
  return new Map(files.map(({ path }) => [path, stored.get(path) ?? 0]));
}

const needed = ({ files }: Manifest, there: ReadonlyMap<string, number>): number =>
  files.reduce((sum, { path, bytes = 0 }) => sum + Math.max(0, bytes - (there.get(path) ?? 0)), 0);

async function checkRoom(
  manifest: Manifest,
  there: ReadonlyMap<string, number>,
  { store }: Tools,
): Promise<void> {
  const { free } = await store.room();
  const bytes = needed(manifest, there);
  if (free !== undefined && bytes > free) throw new StoreFullError({ needed: bytes, free });
}

/** With figures. */
async function full(manifest: Manifest, tools: Tools, cause: StoreFullError): Promise<StoreFullError> {
  const { free } = await tools.store.room();
  return new StoreFullError({ needed: needed(manifest, await bytesThere(manifest, tools)), free }, { cause });
}
