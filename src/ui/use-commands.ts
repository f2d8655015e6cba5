import { useMemo } from "react";
import { useStore } from "zustand";
import { isEnabled, isOffered, type CommandContext, type PageCommand } from "../editor/commands/command.ts";
import { chordsOf } from "../editor/commands/keymap.ts";
import { COMMANDS } from "../editor/commands/table.ts";
import { useApp, usePageState } from "./session-context.ts";

/** A command as a button or menu shows it now. */
export interface OfferedCommand {
  readonly command: PageCommand;
  readonly isEnabled: boolean;
  /** The first of its chords. */
  readonly chord: string | undefined;
  run(): void;
}

const BY_ID = new Map(COMMANDS.map((command) => [command.id, command]));

/** The commands that the engine offers, up to date with everything they depend on. */
export function useCommands(commands: readonly PageCommand[] = COMMANDS): readonly OfferedCommand[] {
  const context = useApp();
  const keys = usePageState((state) => state.keys);
  // Conditions are cheap and many: their answers as one string say when to render again.
  const answers = () =>
    commands
      .map((command) => (isOffered(command, context) ? Number(isEnabled(command, context)) : "-"))
      .join("");
  const sessionAnswers = useStore(context.session.store, answers);
  const pageAnswers = useStore(context.page, answers);
  return useMemo(
    () =>
      commands
        .filter((command) => isOffered(command, context))
        .map((command) => ({
          command,
          isEnabled: isEnabled(command, context),
          chord: chordsOf(command, keys)[0],
          run: () => runCommand(command, context),
        })),
    [commands, context, keys, sessionAnswers, pageAnswers],
  );
}

/** One command by id; undefined where the engine does not offer it. */
export function useCommand(id: string): OfferedCommand | undefined {
  const commands = useMemo(() => [BY_ID.get(id)!], [id]);
  return useCommands(commands)[0];
}

export function runCommand(command: PageCommand, context: CommandContext): void {
  if (isEnabled(command, context)) command.run(context);
}
