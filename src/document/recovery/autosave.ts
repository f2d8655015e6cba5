/** When to save: soon after something has changed, then at most every few seconds while more does. */
export interface AutosaveHost {
  /** Writes the latest state. */
  save(): Promise<void>;
  /** Milliseconds. */
  now(): number;
  later(callback: () => void, ms: number): void;
  /** The state could not be written; it is tried again after the next change. */
  onError(error: unknown): void;
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

export function createAutosave({ save, now, later, onError }: AutosaveHost): Autosave {
  let dirty = false;
  let waiting = false;
  let saving = false;
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
    } catch (error) {
      onError(error);
    } finally {
      saving = false;
      schedule();
    }
  };

  return {
    note() {
      dirty = true;
      schedule();
    },
    forget() {
      dirty = false;
    },
  };
}
