import { createHistory, type Change, type History } from "../core/history.ts";
import type { AnyFields } from "../core/params.ts";
import { UserError } from "../core/errors.ts";
import { createTurns } from "../core/turns.ts";
import { bytesBeyond } from "./arrays.ts";
import type { CommandContext } from "./command.ts";
import { commands } from "./commands/index.ts";
import type { Doc } from "./document.ts";
import { sameFile } from "./export.ts";
import { describeDocument, type DocumentInfo } from "./info.ts";

/** A history as values: document i leads to document i + 1 by what label i says. */
export interface Timeline {
  readonly docs: readonly Doc[];
  readonly labels: readonly string[];
  /** Place of the present among the documents. */
  readonly cursor: number;
}

/** The document that is open, with everything that was done to it. Calls take effect one after the other. */
export interface DocumentStore {
  readonly doc: Doc;
  readonly history: History;
  info(): DocumentInfo;
  /** Everything that can be undone and redone. */
  timeline(): Timeline;
  /** Does a registered command as one undoable change. On an error nothing has changed. */
  run(request: CommandRequest, context: CommandContext): Promise<void>;
  /** Any other change as one undoable one; the same document leaves no trace. */
  commit(label: string, change: (doc: Doc) => Doc | Promise<Doc>): Promise<void>;
  /** A change that is not worth an entry in the history, like a proposal. */
  amend(change: (doc: Doc) => Doc | Promise<Doc>): Promise<void>;
  travel(cursor: number): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** Resolves when everything that was asked for so far has happened, or has failed. */
  settled(): Promise<void>;
  /** Notes that a document, by default as it is now, is in a file of the user's. */
  markSaved(which?: Doc): void;
}

export interface CommandRequest {
  readonly id: string;
  readonly params?: AnyFields;
  /**
   * Instead of the newest entry of the history, if it is of the same command: while a slider is dragged, the history
   * shows one change.
   */
  readonly amend?: boolean;
}

export interface StoreOptions {
  /** Shows a document. The store changes only if this succeeds. */
  readonly show: (doc: Doc) => Promise<void>;
  /** Beyond this the oldest changes cannot be undone any more. */
  readonly maxBytes?: number;
  /** Whether the beginning of the history is in a file of the user's; so it is unless told otherwise. */
  readonly isSaved?: boolean;
}

interface DocChange extends Change {
  readonly before: Doc;
  readonly after: Doc;
}

/** A store of a document that was just opened, or of one with a history. */
export function createDocumentStore(opened: Doc | Timeline, options: StoreOptions): DocumentStore {
  const { show, maxBytes, isSaved = true } = options;
  const past = "docs" in opened ? opened : { docs: [opened], labels: [], cursor: 0 };
  const inTurn = createTurns();
  let doc = past.docs[past.cursor]!;
  let saved = isSaved ? past.docs[0] : undefined;
  /** The command behind the newest change, and the document before it. */
  let newest: { readonly command: string; readonly before: Doc; readonly after: Doc } | undefined;

  const enter = async (next: Doc): Promise<void> => {
    await show(next);
    doc = next;
  };

  const changeOf = (label: string, before: Doc, after: Doc): DocChange => ({
    ...{ label, before, after },
    sizeBytes: bytesBeyond(before, after),
    redoBytes: bytesBeyond(after, before),
    undo: () => enter(before),
    redo: () => enter(after),
  });
  const history = createHistory<DocChange>({
    changes: past.labels.map((label, i) => changeOf(label, past.docs[i]!, past.docs[i + 1]!)),
    cursor: past.cursor,
    ...(maxBytes !== undefined && { maxBytes }),
  });
  const record = async (label: string, before: Doc, after: Doc): Promise<void> => {
    await history.record(changeOf(label, before, after));
  };

  const commit = async (label: string, change: (doc: Doc) => Doc | Promise<Doc>): Promise<void> => {
    const before = doc;
    const after = await change(before);
    if (after === before) return;
    await enter(after);
    await record(label, before, after);
  };

  const timeline = (): Timeline => {
    const { changes } = history;
    const docs = [changes[0]?.before ?? doc, ...changes.map(({ after }) => after)];
    return { docs, labels: changes.map(({ label }) => label), cursor: history.list().cursor };
  };

  /** The command whose repetition can take the place of the newest change. */
  const amendable = (): string | undefined => (newest?.after === doc ? newest.command : undefined);

  const commandOf = (id: string) => {
    if (!commands.has(id)) throw new UserError(`There is no command “${id}”.`);
    return commands.get(id);
  };

  return {
    get doc() {
      return doc;
    },
    history,
    info() {
      const unsaved = !saved || !sameFile(doc, saved);
      const { docs, cursor } = timeline();
      const future = docs.slice(cursor + 1).flatMap(({ edits }) => edits);
      const command = amendable();
      return describeDocument(doc, {
        ...{ history: history.list(), future, unsaved },
        ...(command !== undefined && { amendable: command }),
      });
    },
    timeline,
    run: ({ id, params = {}, amend = false }, context) =>
      inTurn(async () => {
        const command = commandOf(id);
        const again = amend && amendable() === id ? newest?.before : undefined;
        const before = again ?? doc;
        const after = await command.apply(before, params, context);
        if (after === doc) return;
        await enter(after);
        if (command.transient) return;
        if (again) await history.drop();
        newest = undefined;
        if (after === before) return;
        await record(command.label(params), before, after);
        newest = { command: id, before, after };
      }),
    commit: (label, change) => inTurn(() => commit(label, change)),
    amend: (change) => inTurn(async () => enter(await change(doc))),
    travel: (cursor) => inTurn(() => history.travel(cursor)),
    undo: () => inTurn(() => history.undo()),
    redo: () => inTurn(() => history.redo()),
    settled: () => inTurn(() => undefined),
    markSaved(which = doc) {
      saved = which;
    },
  };
}
