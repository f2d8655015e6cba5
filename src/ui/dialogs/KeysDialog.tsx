import { Button } from "@mantine/core";
import { keyLabels } from "../../editor/commands/chord.ts";
import { GROUPS } from "../../editor/commands/command.ts";
import { conflictsIn, KEYMAPS, type KeymapId, type KeySettings } from "../../editor/commands/keymap.ts";
import { COMMANDS } from "../../editor/commands/table.ts";
import { IS_MAC } from "../platform.ts";
import { useApp, usePageState } from "../session-context.ts";
import { SelectField } from "../fields/SelectField.tsx";
import { Dialog } from "./Dialog.tsx";
import { KeysRow } from "./KeysRow.tsx";
import classes from "./Keys.module.css";

/** All keys, and how to change them. */
export function KeysDialog() {
  const { page } = useApp();
  const isOpen = usePageState(({ dialog }) => dialog === "keys");
  const keys = usePageState((state) => state.keys);
  const set = (next: KeySettings): void => page.setState({ keys: next });
  return (
    <Dialog
      title="Keyboard shortcuts"
      size="xl"
      isOpen={isOpen}
      onClose={() => page.setState({ dialog: undefined })}
    >
      <div className={classes["head"]}>
        <SelectField
          label="Keys as in"
          value={keys.preset}
          options={KEYMAPS}
          onChange={(preset) => set({ ...keys, preset: preset as KeymapId })}
        />
        <Button
          variant="default"
          size="xs"
          disabled={Object.keys(keys.overrides).length === 0}
          onClick={() => set({ ...keys, overrides: {} })}
        >
          Take back my changes
        </Button>
      </div>
      <Conflicts keys={keys} />
      <div className={classes["groups"]}>
        {GROUPS.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className={classes["group"]}>{group}</h3>
            {COMMANDS.filter((command) => command.group === group).map((command) => (
              <KeysRow key={command.id} command={command} keys={keys} onChange={set} />
            ))}
          </section>
        ))}
      </div>
      <p className={classes["note"]}>
        In the view: arrow keys turn, + and − come nearer and go back. Flying: W A S D, Q and E, Shift fast,
        Alt slow. While selecting: Shift adds, Ctrl removes, both keep what is in both.
      </p>
    </Dialog>
  );
}

const titleOf = (id: string): string => COMMANDS.find((command) => command.id === id)?.title ?? id;

function Conflicts({ keys }: { readonly keys: KeySettings }) {
  return conflictsIn(COMMANDS, keys).map(({ chord, ids }) => (
    <p key={chord} className={classes["conflict"]} role="alert">
      {keyLabels(chord, IS_MAC).join(" ")} is wanted by {ids.map((id) => `“${titleOf(id)}”`).join(" and ")}.
      The first that makes sense at the moment gets it.
    </p>
  ));
}
