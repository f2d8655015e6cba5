import { useEffect, type KeyboardEvent, type PointerEvent } from "react";
import { isRunning } from "../../editor/store.ts";
import { useApp, usePageState, useSessionState } from "../session-context.ts";
import { useOtherSide } from "./use-other-side.ts";
import classes from "./Wipe.module.css";

/** What an arrow key moves the line by. */
const STEP = 0.02;

/** Keeps the engine's comparison as the page wants it, and the line between the other side and the scene. */
export function Wipe() {
  const { page } = useApp();
  const wipe = usePageState((state) => state.wipe);
  const other = useComparison();
  if (wipe === undefined) return null;

  const moveTo = (share: number): void => page.setState({ wipe: Math.min(0.99, Math.max(0.01, share)) });
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { left, width } = event.currentTarget.parentElement!.getBoundingClientRect();
    moveTo((event.clientX - left) / width);
  };
  const press = (event: KeyboardEvent): void => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    moveTo(wipe + direction * STEP);
  };
  return (
    <div
      className={classes["wipe"]}
      style={{ left: `${100 * wipe}%` }}
      role="slider"
      tabIndex={0}
      aria-label={`Line between ${other} and scene`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * wipe)}
      data-overlay
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  );
}

/** Whatever is shown anew is shown without comparison: ask for it again. What is compared with, in words. */
function useComparison(): string {
  const { page, session } = useApp();
  const wipe = usePageState((state) => state.wipe);
  const showsOriginal = usePageState((state) => state.showsOriginal);
  const document = useSessionState((state) => state.document);
  const isUnderWay = useSessionState((state) => isRunning(state) && state.progress !== undefined);
  const scene = useSessionState((state) => state.scene);
  const { to, words } = useOtherSide();
  useEffect(() => page.setState({ wipe: undefined, compareTo: "original" }), [page, scene]);
  // What it cannot be compared with any more, because that was undone or removed, is not compared with.
  useEffect(() => {
    if (to === undefined) page.setState({ wipe: undefined, compareTo: "original" });
  }, [page, to]);
  useEffect(() => {
    if (!to || (!showsOriginal && wipe === undefined)) return;
    session.compare(to, showsOriginal ? 1 : wipe);
  }, [session, showsOriginal, wipe, to, document, isUnderWay]);
  const compares = showsOriginal || wipe !== undefined;
  useEffect(() => {
    if (compares) return () => session.compare();
  }, [session, compares]);
  return words;
}
