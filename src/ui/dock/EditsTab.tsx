import { useSessionState } from "../session-context.ts";
import classes from "./Dock.module.css";
import { EditRow } from "./EditRow.tsx";

/** Every edit from words that the history knows, with what it was made with and what can be done about it. */
export function EditsTab() {
  const edits = useSessionState((state) => state.document?.edits ?? NONE);
  if (edits.length === 0) {
    return (
      <p className={classes["empty"]}>
        Edits from words are listed here: each can be switched off and on, compared, branched from and
        removed.
      </p>
    );
  }
  return (
    <ol className={classes["list"]} aria-label="Edits from words">
      {edits.map((edit) => (
        <EditRow key={edit.id} edit={edit} />
      ))}
    </ol>
  );
}

const NONE: readonly never[] = [];
