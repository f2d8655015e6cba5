import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { createLatest } from "../../editor/latest.ts";
import { isRunning } from "../../editor/store.ts";
import type { FloaterReport } from "../../worker/protocol.ts";
import { SliderField } from "../fields/ParamFields.tsx";
import { formatCount } from "../format.ts";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Scene.module.css";

const STRENGTH = {
  label: "Strength",
  help: "From only the plainest floaters to everything faint, oversized or alone.",
  ...{ min: 0, max: 1, step: 0.05, default: 0.3 },
};

/** Finds floaters, shows them in red, and deletes them only when told to. */
export function CleanUp() {
  const session = useSession();
  const locked = useSessionState(isRunning);
  const isProposed = useSessionState((state) => state.document!.proposed !== undefined);
  const [strength, setStrength] = useState(STRENGTH.default);
  const [report, setReport] = useState<FloaterReport>();
  const propose = useMemo(
    () => createLatest(async (at: number) => setReport(await session.proposeFloaters(at))),
    [session],
  );
  const act =
    (id: string, params = {}) =>
    () => {
      setReport(undefined);
      void session.command(id, params);
    };
  return (
    <fieldset className={classes["plain"]} disabled={locked}>
      <SliderField
        param={STRENGTH}
        value={strength}
        onChange={(at) => {
          setStrength(at);
          if (isProposed) propose(at);
        }}
      />
      <p className={classes["summary"]} role="status">
        {report
          ? describe(report)
          : "Floaters are proposed first, shown in red, and deleted only when you say so."}
      </p>
      <div className={classes["inline"]}>
        {isProposed ? (
          <>
            <Button size="compact-xs" onClick={act("floaters.accept")}>
              Delete them
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              onClick={act("floaters.accept", { action: "select" })}
            >
              Select them
            </Button>
            <Button size="compact-xs" variant="default" onClick={act("floaters.discard")}>
              Leave them
            </Button>
          </>
        ) : (
          <Button size="compact-xs" variant="default" onClick={() => propose(strength)}>
            Find floaters
          </Button>
        )}
      </div>
    </fieldset>
  );
}

function describe({ count, faint, huge, isolated }: FloaterReport): string {
  if (count === 0) return "No floaters at this strength.";
  const [all, ...parts] = [count, faint, huge, isolated].map(formatCount);
  return `${all} proposed: ${parts[0]} faint, ${parts[1]} oversized, ${parts[2]} alone.`;
}
