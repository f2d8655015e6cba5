import type { StandardView } from "../../camera/standard-views.ts";
import type { PageStore } from "../page.ts";
import type { Session } from "../session.ts";
import type { KeymapId } from "./keymap.ts";

/** What commands can do to the picture; the viewport has it. */
export interface ViewActions {
  /** The first look at the scene again. */
  reset(): void;
  /** Looks at what is selected, else at the whole. */
  frame(): void;
  /** Turns around the focus until the camera looks from there. */
  lookFrom(view: StandardView["id"]): void;
  /** Turns to the other side of the focus. */
  turnAround(): void;
}

/** What commands can do to files beyond the engine. */
export interface FileActions {
  /** Lets the user choose a scene file, to open or to add. */
  choose(purpose: "open" | "add"): void;
  /** Downloads a file. */
  save(file: { readonly name: string; readonly bytes: ArrayBuffer }): void;
  /** Lets the user choose where a file of this name shall lie; undefined if they choose none, or none can be chosen. */
  chooseTarget?(name: string): Promise<FileSystemFileHandle | undefined>;
}

/** Everything that commands act on. */
export interface CommandContext {
  readonly session: Session;
  readonly page: PageStore;
  readonly view: ViewActions;
  readonly files: FileActions;
}

/** “Edit” is what the main button is called and what edits from words are; changes by hand have another name. */
export const GROUPS = ["File", "Modify", "Run", "Select", "View", "Help"] as const;
export type Group = (typeof GROUPS)[number];

/** One thing the page can do, under one name in palette, menus and shortcut sheet. */
export interface PageCommand {
  readonly id: string;
  readonly title: string;
  readonly group: Group;
  /** What it is good for, where the title does not say. */
  readonly help?: string;
  /** Chords by keymap, or the same ones for all. */
  readonly keys?: readonly string[] | Readonly<Record<KeymapId, readonly string[]>>;
  /** Not in menus: it makes sense only as a key. */
  readonly isKeyOnly?: boolean;
  /** False hides it: the engine does not offer it. */
  isOffered?(context: CommandContext): boolean;
  /** Runs again while its key is held. */
  readonly repeats?: boolean;
  isEnabled?(context: CommandContext): boolean;
  run(context: CommandContext): void;
  /** When the key goes up, for what lasts as long as it is held. */
  release?(context: CommandContext): void;
}

export const isOffered = (command: PageCommand, context: CommandContext): boolean =>
  command.isOffered?.(context) ?? true;

export const isEnabled = (command: PageCommand, context: CommandContext): boolean =>
  isOffered(command, context) && (command.isEnabled?.(context) ?? true);
