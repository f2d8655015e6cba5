/** A map that forgets what was used longest ago when its values together take more than `maxBytes`. */
export interface Lru<V> {
  readonly bytes: number;
  get(key: string): V | undefined;
  /** A value that is too large by itself is not kept. */
  set(key: string, value: V): void;
}

export function createLru<V>(maxBytes: number, sizeOf: (value: V) => number): Lru<V> {
  const values = new Map<string, V>(); // in order of last use
  let bytes = 0;
  const drop = (key: string): V | undefined => {
    const value = values.get(key);
    if (value !== undefined && values.delete(key)) bytes -= sizeOf(value);
    return value;
  };
  const put = (key: string, value: V): void => {
    values.set(key, value);
    bytes += sizeOf(value);
  };
  return {
    get bytes() {
      return bytes;
    },
    get(key) {
      const value = drop(key);
      if (value !== undefined) put(key, value);
      return value;
    },
    set(key, value) {
      drop(key);
      put(key, value);
      while (bytes > maxBytes) drop(values.keys().next().value!);
    },
  };
}
