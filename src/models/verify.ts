import type { ByteStore } from "./byte-store.ts";
import { filesOf, withFile, writeManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { createTracker } from "./progress.ts";
import type { ModelProgress } from "./progress.ts";
import { createSha256, hashBlob } from "./sha256.ts";

/** "absent": not fetched yet, or lost. "damaged": not what was fetched; its bytes are dropped. */
export interface Verdict {
  readonly path: string;
  readonly state: "good" | "absent" | "damaged";
}

/** Compares every stored file with its hash. */
export async function verifyFiles(
  store: ByteStore,
  start: Manifest,
  onProgress: (progress: ModelProgress) => void,
  signal: AbortSignal,
): Promise<readonly Verdict[]> {
  let manifest = start;
  const verdicts: Verdict[] = [];
  const tracker = createTracker(() => manifest, new Map(), onProgress);
  for (const { path, bytes, sha256, isDone } of start.files) {
    const place = `${filesOf(start.id)}/${path}`;
    const size = await store.size(place);
    let state: Verdict["state"] = "absent";
    if (isDone && size !== undefined) {
      const hash = await createSha256();
      if (size === bytes)
        await hashBlob(hash, await store.open(place), signal, (read) => tracker.at(path, "checking", read));
      state = size === bytes && hash.digest() === sha256 ? "good" : "damaged";
    }
    verdicts.push({ path, state });
    if (state === "good" || !isDone) continue;
    await store.remove(place);
    manifest = withFile(manifest, path, { isDone: false });
    await writeManifest(store, manifest);
  }
  return verdicts;
}
