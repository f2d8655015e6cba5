import { createTurns } from "./turns.ts";

/** Something that was done to the document and can be taken back exactly. */
export interface Change {
  /** As a menu shows it after "Undo" or "Redo". */
  readonly label: string;
  /** What keeping it costs while it is in effect, and while it is undone; the same unless given. */
  readonly sizeBytes: number;
  readonly redoBytes?: number;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** What a front end shows. */
export interface HistoryStatus {
  /** Label of what `undo` would take back; absent when there is nothing. */
  readonly undo?: string;
  readonly redo?: string;
}

/** One line of a history panel. */
export interface HistoryEntry {
  readonly label: string;
  readonly sizeBytes: number;
}

/** All that a panel lists. */
export interface HistoryList {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** How many of them are in effect. */
  readonly cursor: number;
  /** What they cost together. */
  readonly bytes: number;
}

export interface History<C extends Change = Change> {
  /** Oldest first; `list().cursor` of them are in effect. */
  readonly changes: readonly C[];
  /** Appends a change that has been made already. Whatever could be redone is forgotten. */
  record(change: C): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** Undoes or redoes until `cursor` changes are in effect, or as far as there are any. */
  travel(cursor: number): Promise<void>;
  /** Forgets the newest change in effect without undoing it, and whatever could be redone. */
  drop(): Promise<void>;
  clear(): Promise<void>;
  status(): HistoryStatus;
  list(): HistoryList;
}

export interface HistoryOptions<C> {
  readonly maxBytes?: number;
  /** What was done before, and how many of it are in effect; all unless given. */
  readonly changes?: readonly C[];
  readonly cursor?: number;
}

/**
 * A linear do-undo-redo stack. Calls take effect in the order they were made, one at a time; the cursor moves only
 * when a change has succeeded, so a failed undo can be tried again. The oldest changes are forgotten when all
 * together grow beyond `maxBytes`, but never the newest.
 */
export function createHistory<C extends Change = Change>(options: HistoryOptions<C> = {}): History<C> {
  const { maxBytes = Infinity } = options;
  let changes = options.changes ?? [];
  let cursor = options.cursor ?? changes.length; // changes[0 .. cursor) are in effect
  const inTurn = createTurns();

  const bytesOf = ({ sizeBytes, redoBytes = sizeBytes }: Change, index: number): number =>
    index < cursor ? sizeBytes : redoBytes;
  const totalBytes = (): number => changes.reduce((sum, change, index) => sum + bytesOf(change, index), 0);

  const forgetOldest = (): void => {
    let total = totalBytes();
    let forgotten = 0;
    while (total > maxBytes && forgotten < changes.length - 1) total -= changes[forgotten++]!.sizeBytes;
    changes = changes.slice(forgotten);
    cursor -= forgotten;
  };

  const undo = async (): Promise<void> => {
    if (cursor === 0) return;
    await changes[cursor - 1]!.undo();
    cursor--;
  };
  const redo = async (): Promise<void> => {
    if (cursor === changes.length) return;
    await changes[cursor]!.redo();
    cursor++;
  };

  return {
    get changes() {
      return changes;
    },
    record: (change) =>
      inTurn(() => {
        changes = [...changes.slice(0, cursor), change];
        cursor = changes.length;
        forgetOldest();
      }),
    undo: () => inTurn(undo),
    redo: () => inTurn(redo),
    travel: (wanted) =>
      inTurn(async () => {
        const target = Math.min(Math.max(0, Math.round(wanted)), changes.length);
        while (cursor > target) await undo();
        while (cursor < target) await redo();
      }),
    drop: () =>
      inTurn(() => {
        cursor = Math.max(0, cursor - 1);
        changes = changes.slice(0, cursor);
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
    list: () => ({
      entries: changes.map((change, index) => ({ label: change.label, sizeBytes: bytesOf(change, index) })),
      cursor,
      bytes: totalBytes(),
    }),
  };
}
