import { createTurns } from "./turns.ts";

/** Something that was done to the document and can be taken back exactly. */
export interface Change {
  /** As a menu shows it after "Undo" or "Redo". */
  readonly label: string;
  /** What keeping it costs. */
  readonly sizeBytes: number;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** What a front end shows. */
export interface HistoryStatus {
  /** Label of what `undo` would take back; absent when there is nothing. */
  readonly undo?: string;
  readonly redo?: string;
}

export interface History {
  /** Appends a change that has been made already. Whatever could be redone is forgotten. */
  record(change: Change): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  clear(): Promise<void>;
  status(): HistoryStatus;
}

/**
 * A linear do-undo-redo stack. Calls take effect in the order they were made, one at a time; the cursor moves only
 * when a change has succeeded, so a failed undo can be tried again. The oldest changes are forgotten when all
 * together grow beyond `maxBytes`, but never the newest.
 */
export function createHistory({ maxBytes = Infinity }: { maxBytes?: number } = {}): History {
  let changes: Change[] = [];
  let cursor = 0; // changes[0 .. cursor) are in effect
  const inTurn = createTurns();

  const forgetOldest = (): void => {
    let total = changes.reduce((sum, change) => sum + change.sizeBytes, 0);
    let forgotten = 0;
    while (total > maxBytes && forgotten < changes.length - 1) total -= changes[forgotten++]!.sizeBytes;
    changes = changes.slice(forgotten);
    cursor -= forgotten;
  };

  return {
    record: (change) =>
      inTurn(() => {
        changes = [...changes.slice(0, cursor), change];
        cursor = changes.length;
        forgetOldest();
      }),
    undo: () =>
      inTurn(async () => {
        if (cursor === 0) return;
        await changes[cursor - 1]!.undo();
        cursor--;
      }),
    redo: () =>
      inTurn(async () => {
        if (cursor === changes.length) return;
        await changes[cursor]!.redo();
        cursor++;
      }),
    clear: () =>
      inTurn(() => {
        changes = [];
        cursor = 0;
      }),
    status: () => ({
      ...(cursor > 0 && { undo: changes[cursor - 1]!.label }),
      ...(cursor < changes.length && { redo: changes[cursor]!.label }),
    }),
  };
}
