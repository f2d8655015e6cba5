import type { FolderSource } from "../folder-source.ts";

/** A folder made of what a test gives it: bytes, text, or an object to be written as JSON. */
export function memoryFolder(files: Readonly<Record<string, Uint8Array | string | object>>): FolderSource {
  const encode = (content: Uint8Array | string | object): Uint8Array =>
    content instanceof Uint8Array
      ? content
      : new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content));
  return {
    name: "test-model",
    has: async (path) => Object.hasOwn(files, path),
    read: async (path) => encode(files[path]!),
  };
}
