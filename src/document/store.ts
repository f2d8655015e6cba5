import { createHistory, type History } from "../core/history.ts";
import type { AnyFields } from "../core/params.ts";
import { UserError } from "../core/errors.ts";
import { createTurns } from "../core/turns.ts";
import { bytesBeyond } from "./arrays.ts";
import type { CommandContext } from "./command.ts";
import { commands } from "./commands/index.ts";
import type { Doc, EditRecord } from "./document.ts";
import { sameFile } from "./export.ts";
import { describeDocument, type DocumentInfo } from "./info.ts";

/** The document that is open, with everything that was done to it. Calls take effect one after the other. */
export interface DocumentStore {
  readonly doc: Doc;
  readonly history: History;
  info(): DocumentInfo;
  /** Does a registered command as one undoable change. On an error nothing has changed. */
  run(request: CommandRequest, context: CommandContext): Promise<void>;
  /** Any other change as one undoable one; the same document leaves no trace. */
  commit(label: string, change: (doc: Doc) => Doc | Promise<Doc>): Promise<void>;
  /** A change that is not worth an entry in the history, like a proposal. */
  amend(change: (doc: Doc) => Doc | Promise<Doc>): Promise<void>;
  travel(cursor: number): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** Notes that the document, as it is now, is in a file of the user's. */
  markSaved(): void;
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
}

export function createDocumentStore(opened: Doc, { show, maxBytes = Infinity }: StoreOptions): DocumentStore {
  const history = createHistory({ maxBytes });
  const inTurn = createTurns();
  let doc = opened;
  let saved = opened;
  /** Those of documents that could be redone, too. */
  let edits: readonly EditRecord[] = opened.edits;
  /** The command behind the newest change, and the document before it. */
  let newest: { readonly command: string; readonly before: Doc; readonly after: Doc } | undefined;

  const enter = async (next: Doc): Promise<void> => {
    await show(next);
    doc = next;
  };

  const record = async (label: string, before: Doc, after: Doc): Promise<void> => {
    edits = after.edits; // what could be redone is forgotten now
    await history.record({
      label,
      sizeBytes: bytesBeyond(before, after),
      redoBytes: bytesBeyond(after, before),
      undo: () => enter(before),
      redo: () => enter(after),
    });
  };

  const commit = async (label: string, change: (doc: Doc) => Doc | Promise<Doc>): Promise<void> => {
    const before = doc;
    const after = await change(before);
    if (after === before) return;
    await enter(after);
    await record(label, before, after);
  };

  const commandOf = (id: string) => {
    if (!commands.has(id)) throw new UserError(`There is no command “${id}”.`);
    return commands.get(id);
  };

  return {
    get doc() {
      return doc;
    },
    history,
    info: () => describeDocument(doc, { history: history.list(), edits, unsaved: !sameFile(doc, saved) }),
    run: ({ id, params = {}, amend = false }, context) =>
      inTurn(async () => {
        const command = commandOf(id);
        const again = amend && newest?.command === id && newest.after === doc ? newest.before : undefined;
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
    markSaved() {
      saved = doc;
    },
  };
}
