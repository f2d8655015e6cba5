import { useMemo } from "react";
import { forSuggestion } from "../../editor/form.ts";
import { isRunning, objectOf } from "../../editor/store.ts";
import { suggestedRegion, suggestionsFor } from "../../editor/suggest.ts";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Edit.module.css";
import { useExamples } from "./use-examples.ts";

/** Demo scenes are for the embedded model, which may still be on its way. */
const UNKNOWN = { family: "embedded", advice: [] } as const;

/**
 * Edits to try with one click. Each brings its region along, as what is about the object changes only the object, and
 * the preset that suits it.
 */
export function Suggestions() {
  const session = useSession();
  const examples = useExamples();
  const form = useSessionState((state) => state.form);
  const object = useSessionState(objectOf);
  const model = useSessionState((state) => (state.model.status === "ready" ? state.model.value : UNKNOWN));
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
              onClick={() => {
                const region = suggestedRegion(suggestion, object);
                session.fill(forSuggestion(form, { source, target, region }, model));
              }}
            >
              {change}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
