import { formatCount } from "../format.ts";
import { isRunning } from "../../editor/store.ts";
import { usePageState, useSessionState } from "../session-context.ts";
import classes from "./Dock.module.css";

/** The last line of the log, what is selected, and whether a newer version waits. */
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
      <Update />
    </footer>
  );
}

function Update() {
  const update = usePageState((state) => state.update);
  const isUnderWay = useSessionState(isRunning);
  if (!update) return null;
  return (
    <span role="status">
      A new version is ready:{" "}
      <button type="button" className={classes["update"]} disabled={isUnderWay} onClick={update}>
        reload
      </button>
    </span>
  );
}
