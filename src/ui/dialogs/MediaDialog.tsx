import { Button, Progress } from "@mantine/core";
import { useState } from "react";
import type { SavedFile } from "../../editor/session.ts";
import { SelectField } from "../fields/SelectField.tsx";
import { useApp, usePageState, useSessionState } from "../session-context.ts";
import { Dialog } from "./Dialog.tsx";
import classes from "./Media.module.css";

/** Longer side, pixels. */
const SIZES = [
  { id: "640", label: "640 pixels" },
  { id: "1920", label: "1920 pixels (Full HD)" },
  { id: "3840", label: "3840 pixels (4K)" },
];
const LENGTHS = [
  { id: "3", label: "3 seconds" },
  { id: "6", label: "6 seconds" },
  { id: "12", label: "12 seconds" },
];
const FPS = 30;

/** The scene as a picture or as a film, from where the camera is. */
export function MediaDialog() {
  const { page, session, files } = useApp();
  const isOpen = usePageState(({ dialog }) => dialog === "media");
  const isBusy = useSessionState((state) => state.busy !== undefined);
  const filmed = useSessionState((state) => state.filmed);
  const [size, setSize] = useState("1920");
  const [isCutOut, setCutOut] = useState(false);
  const [seconds, setSeconds] = useState("6");
  const longSide = Number(size);
  const close = (): void => page.setState({ dialog: undefined });
  const save = async (file: Promise<SavedFile | undefined>): Promise<void> => {
    const saved = await file;
    if (!saved) return;
    files.save(saved);
    close();
  };
  return (
    <Dialog
      title="Save a picture or film"
      isOpen={isOpen}
      onClose={() => {
        session.stopFilming();
        close();
      }}
    >
      <SelectField label="Longer side" value={size} options={SIZES} onChange={setSize} disabled={isBusy} />
      <section className={classes["part"]} aria-label="Picture">
        <label className={classes["check"]}>
          <input type="checkbox" checked={isCutOut} onChange={(event) => setCutOut(event.target.checked)} />
          Transparent background
        </label>
        <Button
          size="xs"
          disabled={isBusy}
          onClick={() => void save(session.savePicture({ longSide, isCutOut }))}
        >
          Save a picture
        </Button>
      </section>
      <section className={classes["part"]} aria-label="Film">
        <SelectField
          label="One turn in"
          value={seconds}
          options={LENGTHS}
          onChange={setSeconds}
          disabled={isBusy}
        />
        {filmed === undefined ? (
          <Button
            size="xs"
            disabled={isBusy}
            onClick={() => void save(session.saveTurntable({ longSide, seconds: Number(seconds), fps: FPS }))}
          >
            Film a turn
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={session.stopFilming}>
            Stop
          </Button>
        )}
      </section>
      {filmed !== undefined && <Progress value={100 * filmed} aria-label="Film" />}
    </Dialog>
  );
}
