import { useMemo } from "react";
import { isRunning } from "../../editor/store.ts";
import { suggestedRegion, suggestionsFor } from "../../editor/suggest.ts";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Edit.module.css";
import { useExamples } from "./use-examples.ts";

/** Edits to try with one click. Each brings its region along: what is about the object changes only the object. */
export function Suggestions() {
  const session = useSession();
  const examples = useExamples();
  const form = useSessionState((state) => state.form);
  const object = useSessionState((state) => state.scene?.region);
  const running = useSessionState(isRunning);
  const suggestions = useMemo(() => suggestionsFor(examples, form.source), [examples, form.source]);
  if (suggestions.length === 0) return null;
  return (
    <ul className={classes["suggestions"]} aria-label="Edits to try">
      {suggestions.map((suggestion) => {
        const { source, target, change, scope } = suggestion;
        return (
          <li key={source + target}>
            <button
              type="button"
              className={classes["chip"]}
              title={`${source} → ${target}. Changes ${scope === "object" ? "the object" : "everything"}.`}
              aria-pressed={form.source === source && form.target === target}
              disabled={running}
              onClick={() => session.fill({ source, target, region: suggestedRegion(suggestion, object) })}
            >
              {change}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
