import { Button } from "@mantine/core";
import { useCommand } from "./use-commands.ts";

/** A command as a small button with words; nothing where the engine does not offer it. */
export function CommandChip({ id, label }: { readonly id: string; readonly label: string }) {
  const offered = useCommand(id);
  if (!offered) return null;
  const { command, isEnabled, run } = offered;
  return (
    <Button
      variant="default"
      size="compact-xs"
      fw={400}
      title={command.help ?? command.title}
      disabled={!isEnabled}
      onClick={run}
    >
      {label}
    </Button>
  );
}
