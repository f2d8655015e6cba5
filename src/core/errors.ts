/**
 * A mistake the user can do something about: an unreadable file, no WebGPU, too little memory.
 * Every front end shows exactly these two texts.
 */
export class UserError extends Error {
  /** What to do about it. */
  readonly hint: string;

  constructor(message: string, hint = "", options?: ErrorOptions) {
    super(message, options);
    this.name = "UserError";
    this.hint = hint;
  }
}

/** Whether a run ended because somebody asked for it (an aborted signal), not because something broke. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
