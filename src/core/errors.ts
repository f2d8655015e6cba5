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

/** What an engine says where an array or wasm's memory cannot be had. */
const NO_ROOM = /allocation failed|could not allocate|invalid (typed )?array( buffer)? length/i;

/** The error in the user's words, if it says that the memory of the page or of a worker has run out. */
export function memoryError(error: unknown): UserError | undefined {
  if (!(error instanceof RangeError && NO_ROOM.test(error.message))) return undefined;
  return new UserError(
    "The browser has no memory left for that.",
    "Nothing has changed. Close other tabs and programs, remove layers or splats that are not needed, or thin the " +
      "scene out with another tool.",
    { cause: error },
  );
}

/** Whether a run ended because somebody asked for it (an aborted signal), not because something broke. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
