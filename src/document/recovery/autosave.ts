/**
 * When to save: soon after something has changed, then at most every few seconds while more does. What could not be
 * written, on a full disk, is tried again until there is room.
 */
export interface AutosaveHost {
  /** Writes the latest state. */
  save(): Promise<void>;
  /** Milliseconds. */
  now(): number;
  later(callback: () => void, ms: number): void;
  /** The state could not be written. Told once, however often it fails again. */
  onError(error: unknown): void;
  /** It could be written again. */
  onRecovered?(): void;
}

export interface Autosave {
  /** Something has changed. */
  note(): void;
  /** What has changed so far need not be saved any more. */
  forget(): void;
}

/** After a change, before it is saved: more is likely to follow at once. */
const SETTLE = 1000;
/** From the beginning of one save to that of the next. A crash costs at most so much work. */
const INTERVAL = 8000;

/** Without a change, from a save that failed to the next try. */
const RETRY = 30_000;

export function createAutosave({ save, now, later, onError, onRecovered }: AutosaveHost): Autosave {
  let dirty = false;
  let waiting = false;
  let saving = false;
  let isFailing = false;
  let savedAt = -Infinity;

  const schedule = (): void => {
    if (!dirty || waiting || saving) return;
    waiting = true;
    later(
      () => {
        waiting = false;
        if (dirty) void begin();
      },
      Math.max(SETTLE, savedAt + INTERVAL - now()),
    );
  };

  const begin = async (): Promise<void> => {
    dirty = false;
    saving = true;
    savedAt = now();
    try {
      await save();
      if (isFailing) onRecovered?.();
      isFailing = false;
    } catch (error) {
      if (!isFailing) onError(error);
      isFailing = true;
      later(note, RETRY);
    } finally {
      saving = false;
      schedule();
    }
  };

  const note = (): void => {
    dirty = true;
    schedule();
  };

  return {
    note,
    forget() {
      dirty = false;
    },
  };
}
