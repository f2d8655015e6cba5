import { formatCount } from "../format.ts";
import { useSessionState } from "../session-context.ts";
import classes from "./Dock.module.css";

/** The last line of the log, and what is selected. */
export function StatusBar() {
  const last = useSessionState((state) => state.busy ?? state.log.at(-1)?.text ?? "");
  const document = useSessionState((state) => state.document);
  return (
    <footer className={classes["status"]}>
      <span className={classes["last"]} role="status" title={last}>
        {last}
      </span>
      {document && (
        <>
          <span>{formatCount(document.total)} splats in all</span>
          <span>{formatCount(document.selected)} selected</span>
          <span>{document.unsaved ? "unsaved changes" : "no unsaved changes"}</span>
        </>
      )}
    </footer>
  );
}
