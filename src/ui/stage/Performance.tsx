import { useEffect, useState } from "react";
import { formatCount } from "../format.ts";
import { usePageState, useSession, useSessionState } from "../session-context.ts";
import classes from "./Stage.module.css";

/** How fast the picture follows, how much is in it, and how much memory the page holds. */
export function Performance() {
  const isShown = usePageState((state) => state.showsPerformance);
  return isShown ? <Figures /> : null;
}

function Figures() {
  const session = useSession();
  const document = useSessionState((state) => state.document);
  const rate = useSessionState((state) => state.progress?.iterationsPerSecond ?? 0);
  const [settleMs, setSettleMs] = useState<number>();
  useEffect(() => {
    let begun: number | undefined;
    return session.engine.on("view", ({ isSettled }) => {
      if (!isSettled) begun = performance.now();
      else if (begun !== undefined) setSettleMs(performance.now() - begun);
    });
  }, [session]);
  const heap = (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize;
  return (
    <pre className={classes["performance"]} data-overlay>
      {[
        `sharp after  ${settleMs === undefined ? "…" : `${settleMs.toFixed(0)} ms`}`,
        `splats       ${formatCount(document?.total ?? 0)}`,
        `history      ${((document?.history.bytes ?? 0) / 2 ** 20).toFixed(1)} MiB`,
        heap !== undefined && `page heap    ${(heap / 2 ** 20).toFixed(0)} MiB`,
        rate > 0 && `edit         ${rate.toFixed(2)} it/s`,
      ]
        .filter(Boolean)
        .join("\n")}
    </pre>
  );
}
