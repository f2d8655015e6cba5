import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { SelectField } from "../fields/SelectField.tsx";
import { useApp, usePageState, useSessionState } from "../session-context.ts";
import { Dialog } from "./Dialog.tsx";
import classes from "./Form.module.css";

const BANDS = [
  { id: "3", label: "3: everything there is" },
  { id: "2", label: "2" },
  { id: "1", label: "1" },
  { id: "0", label: "0: one color from all sides" },
] as const;

/** What of the scene shall be in the file. */
export function ExportDialog() {
  const { page, session, files } = useApp();
  const isOpen = usePageState(({ dialog }) => dialog === "export");
  const hasSelection = useSessionState(({ document }) => (document?.selected ?? 0) > 0);
  const [wantsSelection, setWantsSelection] = useState(false);
  const [bands, setBands] = useState<string>("3");
  const close = (): void => page.setState({ dialog: undefined });
  const save = async (): Promise<void> => {
    close();
    const selectionOnly = wantsSelection && hasSelection;
    const file = await session.exportDocument({ selectionOnly, shDegree: Number(bands) });
    if (file) files.save(file);
  };
  return (
    <Dialog title="Export a .ply" isOpen={isOpen} onClose={close}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Checkbox
          label="The selection only"
          checked={wantsSelection && hasSelection}
          disabled={!hasSelection}
          onChange={(event) => setWantsSelection(event.currentTarget.checked)}
        />
        <SelectField
          label="Bands of spherical harmonics"
          help="How finely colors may change with the direction they are seen from"
          value={bands}
          options={BANDS}
          onChange={setBands}
        />
        <Button type="submit">Export</Button>
      </form>
    </Dialog>
  );
}
