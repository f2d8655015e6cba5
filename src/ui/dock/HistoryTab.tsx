import { bytesInWords } from "../../formats/words.ts";
import { isRunning } from "../../editor/store.ts";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Dock.module.css";

/** Everything that was done; a click goes there and back. */
export function HistoryTab() {
  const session = useSession();
  const history = useSessionState((state) => state.document?.history);
  const locked = useSessionState((state) => isRunning(state) || state.busy !== undefined);
  if (!history || history.entries.length === 0) {
    return (
      <p className={classes["empty"]}>Nothing has been changed yet. Whatever you do can be undone here.</p>
    );
  }
  const { entries, cursor, bytes } = history;
  const rows = [{ label: "As opened", sizeBytes: 0 }, ...entries];
  return (
    <ol className={classes["list"]} aria-label={`History, ${bytesInWords(bytes)} in all`}>
      {rows.map(({ label, sizeBytes }, i) => (
        <li key={i}>
          <button
            type="button"
            className={classes["row"]}
            aria-current={i === cursor ? "step" : undefined}
            disabled={locked}
            onClick={() => void session.travel(i)}
          >
            <span className={`${classes["grow"]} ${i > cursor ? classes["future"] : ""}`}>{label}</span>
            <span className={classes["side"]}>{i > 0 && bytesInWords(sizeBytes)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
