/**
 * The File System standard's directory and file handles, in memory: what our store uses of them, with the standard's
 * errors and locks. Only for tests; the real one is tested in a browser.
 */
const failure = (name: string, message: string): DOMException => new DOMException(message, name);

/** Bytes that all files together may have. */
export interface Disk {
  capacity: number;
}

class MemoryFile {
  readonly kind = "file";
  bytes = new Uint8Array(0);
  private writers = 0;
  private isExclusive = false;

  readonly name: string;
  private readonly tree: MemoryFolder;

  constructor(name: string, tree: MemoryFolder) {
    this.name = name;
    this.tree = tree;
  }

  /** A snapshot: later writes do not show. */
  getFile(): Promise<File> {
    return Promise.resolve(new File([this.bytes.slice()], this.name));
  }

  createWritable() {
    if (this.isExclusive) return Promise.reject(failure("NoModificationAllowedError", "locked"));
    this.writers++;
    let pending: Uint8Array = new Uint8Array(0);
    const done = (): void => void this.writers--;
    return Promise.resolve({
      write: (chunk: Uint8Array) => {
        this.tree.charge(chunk.length);
        pending = joined(pending, chunk, pending.length);
        return Promise.resolve();
      },
      // Nothing of it is in the file before.
      close: () => {
        this.bytes = pending.slice();
        return Promise.resolve(done());
      },
      abort: () => Promise.resolve(done()),
    });
  }

  createSyncAccessHandle() {
    if (this.isExclusive || this.writers > 0)
      return Promise.reject(failure("NoModificationAllowedError", "locked"));
    this.isExclusive = true;
    return Promise.resolve({
      getSize: () => this.bytes.length,
      truncate: (size: number) => {
        const shorter = new Uint8Array(size);
        shorter.set(this.bytes.subarray(0, size));
        this.bytes = shorter;
      },
      write: (chunk: Uint8Array, { at }: { at: number }) => {
        this.tree.charge(Math.max(0, at + chunk.length - this.bytes.length));
        this.bytes = joined(this.bytes, chunk, at);
        return chunk.length;
      },
      flush: () => {},
      close: () => void (this.isExclusive = false),
    });
  }

  get isLocked(): boolean {
    return this.isExclusive || this.writers > 0;
  }
}

class MemoryFolder {
  readonly kind = "directory";
  private readonly entries_ = new Map<string, MemoryFile | MemoryFolder>();

  readonly name: string;
  private readonly disk: Disk;
  private readonly top: MemoryFolder | undefined;

  constructor(name: string, disk: Disk, top?: MemoryFolder) {
    this.name = name;
    this.disk = disk;
    this.top = top;
  }

  getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<MemoryFolder> {
    return this.entry(name, options, MemoryFolder, () => new MemoryFolder(name, this.disk, this.root));
  }

  getFileHandle(name: string, options?: { create?: boolean }): Promise<MemoryFile> {
    return this.entry(name, options, MemoryFile, () => new MemoryFile(name, this.root));
  }

  removeEntry(name: string, { recursive = false } = {}): Promise<void> {
    const entry = this.entries_.get(name);
    if (!entry) return Promise.reject(failure("NotFoundError", name));
    if (entry instanceof MemoryFolder && entry.entries_.size > 0 && !recursive)
      return Promise.reject(failure("InvalidModificationError", "not empty"));
    if (isLocked(entry)) return Promise.reject(failure("NoModificationAllowedError", "locked"));
    this.entries_.delete(name);
    return Promise.resolve();
  }

  async *[Symbol.asyncIterator]() {
    yield* await Promise.resolve([...this.entries_]);
  }

  /** Throws when so many more bytes do not fit. */
  charge(bytes: number): void {
    if (this.used + bytes > this.disk.capacity) throw failure("QuotaExceededError", "full");
  }

  get used(): number {
    let sum = 0;
    for (const entry of this.entries_.values())
      sum += entry instanceof MemoryFile ? entry.bytes.length : entry.used;
    return sum;
  }

  get handles(): readonly (MemoryFile | MemoryFolder)[] {
    return [...this.entries_.values()];
  }

  private get root(): MemoryFolder {
    return this.top ?? this;
  }

  private entry<T extends MemoryFile | MemoryFolder>(
    name: string,
    { create = false } = {},
    kind: abstract new (...args: never[]) => T,
    make: () => T,
  ): Promise<T> {
    if (name === "" || name === "." || name === ".." || /[/\\]/.test(name))
      return Promise.reject(new TypeError(`name not allowed: ${name}`));
    const there = this.entries_.get(name);
    if (there instanceof kind) return Promise.resolve(there);
    if (there) return Promise.reject(failure("TypeMismatchError", name));
    if (!create) return Promise.reject(failure("NotFoundError", name));
    if (this.root.used > this.disk.capacity) return Promise.reject(failure("QuotaExceededError", "full"));
    const made = make();
    this.entries_.set(name, made);
    return Promise.resolve(made);
  }
}

const isLocked = (entry: MemoryFile | MemoryFolder): boolean =>
  entry instanceof MemoryFile ? entry.isLocked : entry.handles.some(isLocked);

function joined(before: Uint8Array, chunk: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(Math.max(before.length, at + chunk.length));
  all.set(before);
  all.set(chunk, at);
  return all;
}

/** An empty file system, and the quota over it. */
export function memoryFileSystem(disk: Disk = { capacity: Infinity }) {
  const root = new MemoryFolder("", disk);
  return {
    root: root as unknown as FileSystemDirectoryHandle,
    quota: {
      estimate: () => Promise.resolve({ quota: disk.capacity, usage: root.used }),
      persist: () => Promise.resolve(true),
      persisted: () => Promise.resolve(false),
    },
  };
}
