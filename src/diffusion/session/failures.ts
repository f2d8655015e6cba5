import { DeviceLostError } from "../../gpu/device.ts";
import { UserError } from "../../core/errors.ts";

/** What went wrong inside ONNX Runtime, as far as its messages tell. */
export type FailureKind =
  "no-f16" | "out-of-memory" | "bad-file" | "unsupported-op" | "device-lost" | "other";

export class SessionError extends UserError {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, hint: string, options?: ErrorOptions) {
    super(message, hint, options);
    this.name = "SessionError";
    this.kind = kind;
  }
}

interface Failure {
  readonly kind: FailureKind;
  readonly pattern: RegExp;
  readonly says: string;
  readonly hint: string;
}

/** First match wins. ONNX Runtime has no error codes that tell these apart; its wording does. */
const FAILURES: readonly Failure[] = [
  {
    kind: "device-lost",
    pattern: /device.{0,20}(lost|destroyed)|mapAsync/i,
    says: "the GPU was lost",
    hint: "Reload the model and try again.",
  },
  {
    kind: "no-f16",
    pattern: /requires? f16|shader-f16|f16.{0,40}not support/i,
    says: "it computes in half precision, which this GPU does not offer",
    hint: "Run the model in float32.",
  },
  {
    kind: "out-of-memory",
    // A bare number is a C++ exception pointer that escaped: in practice std::bad_alloc. A size that does not fit into
    // 32 bits overflows, and where wasm's memory cannot grow some kernels write past its end.
    pattern:
      /bad_alloc|out of memory|allocation failed|array buffer alloc|memory\.grow|exceeds.{0,40}limit|^\d+$|integer overflow|shape is too large|memory access out of bounds/i,
    says: "there was not enough memory",
    hint: "Close other tabs and programs, choose a smaller resolution, or use a smaller model.",
  },
  {
    kind: "unsupported-op",
    pattern:
      /no op registered|not a registered function|could not find an implementation|NOT_IMPLEMENTED|no kernel|unsupported op/i,
    says: "it uses an operator that ONNX Runtime does not have here",
    hint: "Export the model with standard operators, opset 14 to 20.",
  },
  {
    kind: "bad-file",
    pattern: /protobuf|INVALID_PROTOBUF|failed to load model|INVALID_GRAPH|external data|unknown model file/i,
    says: "its file is damaged or incomplete",
    hint: "Download it again; a file kept by Git LFS has to be fetched first.",
  },
];

/** An error of ONNX Runtime in words; `what` is the model's part and what was being done, e.g. "Loading unet". */
export function describeFailure(what: string, cause: unknown): UserError {
  if (cause instanceof SessionError || cause instanceof DeviceLostError) return cause;
  const text = shorten(cause instanceof Error ? cause.message : String(cause));
  const isRangeError = cause instanceof RangeError;
  const found =
    FAILURES.find(({ pattern }) => pattern.test(text)) ??
    (isRangeError ? FAILURES.find(({ kind }) => kind === "out-of-memory") : undefined);
  return found
    ? new SessionError(found.kind, `${what} failed: ${found.says} (${text}).`, found.hint, { cause })
    : new SessionError("other", `${what} failed: ${text}`, "", { cause });
}

/** ONNX Runtime's messages can carry whole shaders. */
const shorten = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)}…` : text).trim();
