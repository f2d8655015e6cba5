import { afterEach, describe, expect, it } from "vitest";
import { UserError, isAbort } from "../core/errors.ts";
import type { Handlers, Port } from "./rpc.ts";
import { Moved, connectRpc, serveRpc } from "./rpc.ts";

interface Calls {
  double(request: { value: number }): number;
  bytes(request: { length: number }): ArrayBuffer;
  size(request: { bytes: ArrayBuffer }): number;
  fail(request: { how: keyof typeof FAILURES }): void;
}
interface Events {
  tick: { count: number };
}

const FAILURES = {
  user: () => new UserError("The file is empty.", "Choose another one."),
  abort: () => new DOMException("stopped", "AbortError"),
  bug: () => new TypeError("x is undefined"),
  memory: () => new Error(String(new ArrayBuffer(Number.MAX_SAFE_INTEGER))), // does not get so far
};

const handlers: Handlers<Calls> = {
  double: async ({ value }) => 2 * value,
  bytes({ length }) {
    const bytes = new ArrayBuffer(length);
    return new Moved(bytes, [bytes]);
  },
  size: ({ bytes }) => bytes.byteLength,
  fail({ how }) {
    throw FAILURES[how]();
  },
};

describe("rpc over a real message channel", () => {
  let channel: MessageChannel;
  const connect = () => {
    channel = new MessageChannel();
    const server = serveRpc<Calls, Events>(channel.port1 as Port, handlers);
    const client = connectRpc<Calls, Events>(channel.port2 as Port);
    channel.port1.start();
    channel.port2.start();
    return { client, server };
  };
  afterEach(() => channel.port1.close());

  it("answers every call with its own answer", async () => {
    const { client } = connect();
    const answers = await Promise.all([1, 2, 3].map((value) => client.call("double", { value })));
    expect(answers).toEqual([2, 4, 6]);
  });

  it("moves buffers both ways instead of copying them", async () => {
    const { client } = connect();
    expect((await client.call("bytes", { length: 64 })).byteLength).toBe(64);
    const bytes = new ArrayBuffer(128);
    expect(await client.call("size", { bytes }, [bytes])).toBe(128);
    expect(bytes.byteLength).toBe(0);
  });

  it("carries a user's error with its hint", async () => {
    const { client } = connect();
    const error = await client.call("fail", { how: "user" }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ message: "The file is empty.", hint: "Choose another one." });
  });

  it("carries that memory has run out as something the user can help", async () => {
    const { client } = connect();
    const error = await client.call("fail", { how: "memory" }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ message: expect.stringContaining("no memory left") });
  });

  it("tells an abort from a bug", async () => {
    const { client } = connect();
    const abort = await client.call("fail", { how: "abort" }).catch((caught: unknown) => caught);
    expect(isAbort(abort)).toBe(true);
    const bug = await client.call("fail", { how: "bug" }).catch((caught: unknown) => caught);
    expect(isAbort(bug)).toBe(false);
    expect(bug).toMatchObject({ message: "x is undefined" });
    expect((bug as Error).stack).toContain("rpc.test.ts");
  });

  it("delivers events until the listener leaves", async () => {
    const { client, server } = connect();
    const seen: number[] = [];
    const off = client.on("tick", ({ count }) => seen.push(count));
    server.emit("tick", { count: 1 });
    await client.call("double", { value: 0 });
    off();
    server.emit("tick", { count: 2 });
    await client.call("double", { value: 0 });
    expect(seen).toEqual([1]);
  });

  it("rejects open and later calls once the far end is gone", async () => {
    const { client } = connect();
    const open = client.call("double", { value: 1 });
    client.fail(new Error("the worker ended"));
    await expect(open).rejects.toThrow("the worker ended");
    await expect(client.call("double", { value: 1 })).rejects.toThrow("the worker ended");
  });
});
