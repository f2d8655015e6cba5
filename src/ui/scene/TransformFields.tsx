import { Button } from "@mantine/core";
import { useState } from "react";
import { quaternionOf } from "../../editor/euler.ts";
import { isRunning } from "../../editor/store.ts";
import { CommandChip } from "../CommandChip.tsx";
import { NumberField } from "../fields/NumberField.tsx";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Scene.module.css";
import { UpAxes } from "./UpAxes.tsx";
import { TripleField, type Triple } from "./TripleField.tsx";

interface Values {
  readonly translation: Triple;
  readonly degrees: Triple;
  readonly scale: number;
}
const NEUTRAL: Values = { translation: [0, 0, 0], degrees: [0, 0, 0], scale: 1 };

/** Moving, turning and scaling by numbers, shown at once and made when applied; by hand there are the gizmos. */
export function TransformFields() {
  const session = useSession();
  const document = useSessionState((state) => state.document!);
  const locked = useSessionState(isRunning);
  const [values, setValues] = useState(NEUTRAL);
  const target = document.selected > 0 ? "selection" : "all";
  const similarity = ({ translation, degrees, scale }: Values) => ({
    ...{ translation, rotation: quaternionOf(degrees), scale },
    pivot: document.focus.center,
  });
  const change = (patch: Partial<Values>): void => {
    const next = { ...values, ...patch };
    setValues(next);
    session.previewTransform(target, similarity(next));
  };
  return (
    <fieldset className={classes["plain"]} disabled={locked}>
      <p className={classes["summary"]}>
        Acts on {target === "selection" ? "the selection" : "everything shown"}, about the scene’s focus.
      </p>
      <TripleField
        label="Move by"
        value={values.translation}
        step={0.05}
        onChange={(translation) => change({ translation })}
      />
      <TripleField
        label="Turn by, degrees"
        value={values.degrees}
        step={5}
        onChange={(degrees) => change({ degrees })}
      />
      <NumberField
        label="Scale by"
        min={0.001}
        max={1000}
        step={0.1}
        value={values.scale}
        onChange={(scale) => change({ scale })}
      />
      <div className={classes["inline"]}>
        <Button
          size="compact-xs"
          onClick={() => {
            void session.command("transform.apply", { target, ...similarity(values) });
            setValues(NEUTRAL);
          }}
        >
          Apply
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            session.previewTransform();
            setValues(NEUTRAL);
          }}
        >
          Reset
        </Button>
      </div>
      <p className={classes["sub"]}>Up is</p>
      <UpAxes />
      <CommandChip id="transform.orient" label="Turn it to +y" />
    </fieldset>
  );
}
