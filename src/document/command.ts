import type { Camera } from "../camera/camera.ts";
import { resolveFields, type AnyFields, type FieldSpec, type FieldValues } from "../core/params.ts";
import type { Doc } from "./document.ts";

/** What a command may know beside the document. */
export interface CommandContext {
  /** What the user looks through, for what depends on the view. */
  readonly camera?: Camera;
}

/** Where a menu puts a command. */
export type CommandGroup = "select" | "edit" | "layer" | "transform" | "color" | "clean";

/** Something a user can do to a document, as data: menus, shortcuts, checks and the history derive from it. */
export interface Command {
  readonly id: string;
  readonly group: CommandGroup;
  /** As a menu shows it. */
  readonly title: string;
  /** In one sentence, for a tooltip. */
  readonly help: string;
  readonly params: FieldSpec;
  /** Leaves no entry in the history: it changes nothing that a file would have. */
  readonly transient: boolean;
  /** As the history shows what was done. */
  label(values: AnyFields): string;
  /**
   * The next document; the same value where there is nothing to change, which leaves no trace in the history.
   * Never writes to an array of the document it is given. Throws a UserError for what makes no sense.
   */
  apply(doc: Doc, values: AnyFields, context: CommandContext): Doc | Promise<Doc>;
}

interface CommandSpec<S extends FieldSpec> {
  readonly id: string;
  readonly group: CommandGroup;
  readonly title: string;
  readonly help: string;
  readonly params?: S;
  readonly transient?: boolean;
  /** The title unless given. */
  readonly label?: (values: FieldValues<S>) => string;
  readonly apply: (doc: Doc, values: FieldValues<S>, context: CommandContext) => Doc | Promise<Doc>;
}

/** A command whose values are checked before it sees them. */
export function defineCommand<const S extends FieldSpec = Record<never, never>>(
  spec: CommandSpec<S>,
): Command {
  const { id, group, title, help, transient = false, apply, label } = spec;
  const params = (spec.params ?? {}) as S;
  return {
    ...{ id, group, title, help, params, transient },
    label: (values) => label?.(resolveFields(params, values)) ?? title,
    apply: (doc, values, context) => apply(doc, resolveFields(params, values), context),
  };
}
