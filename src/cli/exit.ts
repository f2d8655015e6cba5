import { DeviceLostError } from "../gpu/device.ts";
import { UserError, isAbort } from "../core/errors.ts";

/** What the programs' exit codes mean; `--help` prints this table. */
export const EXIT = {
  ok: { code: 0, means: "done" },
  unexpected: { code: 1, means: "an error in the program" },
  usage: { code: 2, means: "arguments that make no sense" },
  badInput: { code: 3, means: "a file or model that is missing, damaged or of the wrong kind" },
  noGpu: { code: 4, means: "no GPU, and no software driver for one either" },
  lostDevice: { code: 5, means: "the GPU was lost on the way; what was done until then is written" },
  tooNoisy: { code: 6, means: "quantized, but the gradient of an edit changes more than asked for" },
  interrupted: { code: 130, means: "stopped with Ctrl-C; what was done until then is written" },
} as const;
export type ExitReason = keyof typeof EXIT;

/** An error that knows what exit code it means. */
class Failure extends Error {
  readonly reason: ExitReason;

  constructor(reason: ExitReason, cause: unknown) {
    super(String(cause), { cause });
    this.reason = reason;
  }
}

/** Runs a stage of a program whose user errors all mean the same exit code. */
export async function stage<T>(reason: ExitReason, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof UserError && !(cause instanceof DeviceLostError)
      ? new Failure(reason, cause)
      : cause;
  }
}

export const usageError = (message: string, hint = "Run it with --help to see what there is."): Error =>
  new Failure("usage", new UserError(message, hint));

/** What to tell the user, and how to end. */
export function explain(error: unknown): { reason: ExitReason; text: string } {
  if (error instanceof Failure) return { ...explain(error.cause), reason: error.reason };
  if (isAbort(error)) return { reason: "interrupted", text: "" };
  const reason = error instanceof DeviceLostError ? "lostDevice" : "unexpected";
  if (error instanceof UserError)
    return { reason, text: [error.message, error.hint].filter(Boolean).join("\n") };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { reason, text: `Unexpected error: ${text}` };
}
