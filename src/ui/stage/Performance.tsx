import { useEffect, useState } from "react";
import { isRunning } from "../../editor/store.ts";
import { counted } from "../../formats/words.ts";
import type { DrawnFrame } from "../../worker/protocol.ts";
import { formatCount } from "../format.ts";
import { usePageState, useSession, useSessionState } from "../session-context.ts";
import classes from "./Stage.module.css";
import { useFrameIntervals } from "./use-frame-intervals.ts";

/** How fast the picture follows, how much is in it, and how much memory the page holds. */
export function Performance() {
  const isShown = usePageState((state) => state.showsPerformance);
  return isShown ? <Figures /> : null;
}

function Figures() {
  const session = useSession();
  const document = useSessionState((state) => state.document);
  const rate = useSessionState((state) => state.progress?.iterationsPerSecond ?? 0);
  const running = useSessionState(isRunning);
  const frames = useFrameIntervals(running);
  const [settleMs, setSettleMs] = useState<number>();
  const [drawn, setDrawn] = useState<DrawnFrame & { readonly count: number }>();
  useEffect(
    () =>
      session.engine.on("drawn", (frame) =>
        setDrawn((before) => ({ ...frame, count: (before?.count ?? 0) + 1 })),
      ),
    [session],
  );
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
        `drawn        ${drawn ? `${drawn.ms.toFixed(1)} ms${drawn.scale < 1 ? ` at 1/${Math.round(1 / drawn.scale)}` : ""}, ${counted(drawn.count, "frame")}` : "…"}`,
        `sharp after  ${settleMs === undefined ? "…" : `${settleMs.toFixed(0)} ms`}`,
        `splats       ${formatCount(document?.total ?? 0)}`,
        `history      ${((document?.history.bytes ?? 0) / 2 ** 20).toFixed(1)} MiB`,
        `page frames  ${frames ? `${frames.median.toFixed(0)} ms, 95 % below ${frames.p95.toFixed(0)} ms` : "…"}${running ? " (editing)" : ""}`,
        heap !== undefined && `page heap    ${(heap / 2 ** 20).toFixed(0)} MiB`,
        rate > 0 && `edit         ${rate.toFixed(2)} it/s`,
      ]
        .filter(Boolean)
        .join("\n")}
    </pre>
  );
}
