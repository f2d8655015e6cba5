import { expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { DeviceLostError } from "../gpu/device.ts";
import { EXIT, explain, stage, usageError } from "./exit.ts";
import type { ExitReason } from "./exit.ts";

const reasonOf = async (reason: ExitReason, error: unknown): Promise<ExitReason> =>
  stage(reason, () => {
    throw error;
  }).then(
    () => "ok" as const,
    (cause: unknown) => explain(cause).reason,
  );

it("tells a user's mistake by the stage it happened in, and a lost GPU and our own mistakes by themselves", async () => {
  expect(await reasonOf("badInput", new UserError("no such file"))).toBe("badInput");
  expect(await reasonOf("noGpu", new UserError("no adapter"))).toBe("noGpu");
  expect(await reasonOf("badInput", new DeviceLostError({ message: "x" } as GPUDeviceLostInfo))).toBe(
    "lostDevice",
  );
  expect(await reasonOf("badInput", new TypeError("x is undefined"))).toBe("unexpected");
  expect(await reasonOf("badInput", new DOMException("stopped", "AbortError"))).toBe("interrupted");
  expect(explain(usageError("what?")).reason).toBe("usage");
});

it("tells the user both texts of an error, and a stack only for our own mistakes", () => {
  expect(explain(new UserError("It is empty.", "Try another.")).text).toBe("It is empty.\nTry another.");
  expect(explain(new UserError("It is empty.")).text).toBe("It is empty.");
  expect(explain(new TypeError("oops")).text).toMatch(/Unexpected error: TypeError: oops\n +at /);
  expect(explain("text").text).toBe("Unexpected error: text");
});

it("has a code of its own for every reason", () => {
  const codes = Object.values(EXIT).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});
