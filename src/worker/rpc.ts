import { memoryError, UserError } from "../core/errors.ts";

/**
 * Typed calls and events over a message port. `Calls` maps a call's name to its function type, `Events` an event's
 * name to what it carries; both are interfaces that exist for the compiler alone.
 */
export type RequestOf<C, K extends keyof C> = C[K] extends (request: infer R) => unknown ? R : never;
export type ResponseOf<C, K extends keyof C> = C[K] extends (request: never) => infer R ? Awaited<R> : never;

/** A handler may name what moves instead of being copied. */
export class Moved<T> {
  readonly value: T;
  readonly transfer: Transferable[];
  constructor(value: T, transfer: Transferable[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

export type Handlers<C> = {
  readonly [K in keyof C]: (
    request: RequestOf<C, K>,
  ) => ResponseOf<C, K> | Moved<ResponseOf<C, K>> | Promise<ResponseOf<C, K> | Moved<ResponseOf<C, K>>>;
};

/** Whose fault an error is: the user's (`hint` says what to do), nobody's (aborted), or ours. */
export type ErrorKind = "user" | "abort" | "bug";
export interface WireError {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly hint: string;
  readonly stack?: string;
}

type Message =
  | { readonly call: string; readonly id: number; readonly request: unknown }
  | { readonly id: number; readonly response: unknown }
  | { readonly id: number; readonly error: WireError }
  | { readonly event: string; readonly data: unknown };

/** What both ends need of a Worker, a worker's global scope or a MessagePort. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

export interface RpcClient<C, E> {
  /** Rejects with what the handler threw: a `UserError`, an AbortError, or a plain Error with the far stack. */
  call<K extends keyof C & string>(
    name: K,
    request: RequestOf<C, K>,
    transfer?: Transferable[],
  ): Promise<ResponseOf<C, K>>;
  /** Returns what ends the subscription. */
  on<K extends keyof E & string>(name: K, listener: (data: E[K]) => void): () => void;
  /** Rejects every open call and every later one: the far end is gone. */
  fail(error: Error): void;
}

export function connectRpc<C, E>(port: Port): RpcClient<C, E> {
  const open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Map<string, Set<(data: unknown) => void>>();
  let nextId = 1;
  let failure: Error | undefined;

  port.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if ("event" in data) {
      for (const listener of listeners.get(data.event) ?? []) listener(data.data);
      return;
    }
    const call = open.get(data.id);
    if (!call) return;
    open.delete(data.id);
    if ("error" in data) call.reject(fromWire(data.error));
    else if ("response" in data) call.resolve(data.response);
  });

  return {
    call: (call, request, transfer = []) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        const id = nextId++;
        open.set(id, { resolve: resolve as (value: unknown) => void, reject });
        port.postMessage({ call, id, request } satisfies Message, transfer);
      }),
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as (data: unknown) => void);
      return () => void set.delete(listener as (data: unknown) => void);
    },
    fail(error) {
      failure = error;
      for (const { reject } of open.values()) reject(error);
      open.clear();
    },
  };
}

export interface RpcServer<E> {
  emit<K extends keyof E & string>(name: K, data: E[K], transfer?: Transferable[]): void;
}

export function serveRpc<C, E>(port: Port, handlers: Handlers<C>): RpcServer<E> {
  port.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if (!("call" in data)) return;
    const { call, id, request } = data;
    void answer(handlers[call as keyof C] as ((request: unknown) => unknown) | undefined, call, request).then(
      ({ value, transfer }) => port.postMessage({ id, response: value } satisfies Message, transfer),
      (error: unknown) => port.postMessage({ id, error: toWire(error) } satisfies Message, []),
    );
  });
  return {
    emit: (event, data, transfer = []) => port.postMessage({ event, data } satisfies Message, transfer),
  };
}

async function answer(
  handler: ((request: unknown) => unknown) | undefined,
  name: string,
  request: unknown,
): Promise<Moved<unknown>> {
  if (!handler) throw new Error(`no handler for the call "${name}"`);
  const result = await handler(request);
  return result instanceof Moved ? result : new Moved(result, []);
}

/** Errors cross as data: structured cloning would drop their class and the hint. */
export function toWire(thrown: unknown): WireError {
  const error = memoryError(thrown) ?? thrown;
  if (error instanceof UserError) return { kind: "user", message: error.message, hint: error.hint };
  if (error instanceof Error) {
    const kind = error.name === "AbortError" ? "abort" : "bug";
    return {
      kind,
      message: error.message,
      hint: "",
      ...(error.stack !== undefined && { stack: error.stack }),
    };
  }
  return { kind: "bug", message: String(error), hint: "" };
}

export function fromWire(error: WireError): Error {
  switch (error.kind) {
    case "user":
      return new UserError(error.message, error.hint);
    case "abort":
      return new DOMException(error.message, "AbortError");
    case "bug": {
      const bug = new Error(error.message);
      if (error.stack !== undefined) bug.stack = error.stack;
      return bug;
    }
  }
}
