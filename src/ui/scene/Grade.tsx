import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import type { AnyFields, AnyValues, ParamSpec } from "../../core/params.ts";
import { grade } from "../../document/commands/grade.ts";
import { createLatest } from "../../editor/latest.ts";
import { isRunning } from "../../editor/store.ts";
import { ParamFields } from "../fields/ParamFields.tsx";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Scene.module.css";
import { TripleField, type Triple } from "./TripleField.tsx";

/** The command's own sliders. */
const SLIDERS = Object.fromEntries(
  Object.entries(grade.params).filter(([, { kind }]) => kind === "slider"),
) as ParamSpec;

interface Values {
  readonly sliders: AnyValues;
  readonly tint: Triple;
}
const NEUTRAL: Values = { sliders: {}, tint: [1, 1, 1] };

/** Colours and opacity of the selection or of everything. While sliders move, the history has one change. */
export function Grade() {
  const session = useSession();
  const locked = useSessionState(isRunning);
  const document = useSessionState((state) => state.document!);
  const target = document.selected > 0 ? "selection" : "all";
  const [given, setGiven] = useState<Values>();
  const send = useMemo(
    () =>
      createLatest(({ params, amend }: { readonly params: AnyFields; readonly amend: boolean }) =>
        session.command(grade.id, params, amend),
      ),
    [session],
  );
  // Once something else was done, the next touch of a slider is a new change.
  const { entries, cursor } = document.history;
  const isOurs = given !== undefined && entries[cursor - 1]?.label === grade.title;
  const values = isOurs ? given : NEUTRAL;

  const change = (patch: Partial<Values>): void => {
    const next = { ...values, ...patch };
    setGiven(next);
    send({ params: { target, ...next.sliders, tint: next.tint }, amend: isOurs });
  };
  return (
    <fieldset className={classes["plain"]} disabled={locked}>
      <p className={classes["summary"]}>
        Acts on {target === "selection" ? "the selection" : "everything shown"}, and on every export.
      </p>
      <ParamFields
        spec={SLIDERS}
        values={values.sliders}
        onChange={(key, value) => change({ sliders: { ...values.sliders, [key]: value } })}
      />
      <TripleField
        label="Tint"
        names={["red", "green", "blue"]}
        value={values.tint}
        step={0.05}
        onChange={(tint) => change({ tint })}
      />
      <Button size="compact-xs" variant="default" disabled={!isOurs} onClick={() => setGiven(undefined)}>
        Done, begin another
      </Button>
    </fieldset>
  );
}
