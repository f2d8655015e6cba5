/**
 * SHA-256 of a stream. `crypto.subtle` hashes only what lies in memory as a whole. hash-wasm does 340 MiB/s on a core
 * of a plain laptop, twice what the best JavaScript does, so hashing never holds up a download.
 */
import { createSHA256 } from "hash-wasm";

export interface Sha256 {
  update(chunk: Uint8Array): void;
  /** In hexadecimal. Ends the hash. */
  digest(): string;
}

export async function createSha256(): Promise<Sha256> {
  const hasher = await createSHA256();
  hasher.init();
  return { update: (chunk) => void hasher.update(chunk), digest: () => hasher.digest("hex") };
}

const PIECE_BYTES = 4 << 20;

/**
 * Feeds a stored file to a hash, piece by piece.
 * @param onBytes how many were read so far
 */
export async function hashBlob(
  hash: Sha256,
  blob: Blob,
  signal?: AbortSignal,
  onBytes: (bytes: number) => void = () => {},
): Promise<void> {
  for (let at = 0; at < blob.size; at += PIECE_BYTES) {
    signal?.throwIfAborted();
    const piece = blob.slice(at, at + PIECE_BYTES);
    hash.update(new Uint8Array(await piece.arrayBuffer()));
    onBytes(at + piece.size);
  }
}
