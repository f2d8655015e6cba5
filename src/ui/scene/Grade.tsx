import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import type { AnyValues, ParamSpec } from "../../core/params.ts";
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

/**
 * Colours and opacity of the selection or of everything. While sliders move, the history has one change. They show it
 * for as long as it is the last one: once something else was done, or it was undone, they are neutral, and the next
 * touch of one is a new change.
 */
export function Grade() {
  const session = useSession();
  const locked = useSessionState(isRunning);
  const document = useSessionState((state) => state.document!);
  const target = document.selected > 0 ? "selection" : "all";
  const [given, setGiven] = useState<Values>();
  const [isUnderWay, setUnderWay] = useState(false);
  const send = useMemo(() => {
    let begun = false;
    const latest = createLatest(async ({ sliders, tint, to }: Values & { readonly to: string }) => {
      const amend = begun;
      begun = true;
      await session.command(grade.id, { target: to, ...sliders, tint }, amend);
      setUnderWay(false);
    });
    return (request: Values & { readonly to: string; readonly isNew: boolean }): void => {
      if (request.isNew) begun = false;
      setUnderWay(true);
      latest(request);
    };
  }, [session]);
  const isOurs = given !== undefined && (isUnderWay || document.amendable === grade.id);
  const values = isOurs ? given : NEUTRAL;

  const change = (patch: Partial<Values>): void => {
    const next = { ...values, ...patch };
    setGiven(next);
    send({ ...next, to: target, isNew: !isOurs });
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
