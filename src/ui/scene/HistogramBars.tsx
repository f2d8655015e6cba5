import { useRef, useState, type PointerEvent } from "react";
import type { SelectMode } from "../../document/select.ts";
import { shareOf, valueAt } from "../../editor/histogram-axis.ts";
import { MODE_BADGES, modeOf, modifiersOf } from "../../editor/tools/tool.ts";
import type { Histogram } from "../../worker/protocol.ts";
import classes from "./Scene.module.css";

export type Range = readonly [from: number, to: number];

const HEIGHT = 40;

const modeHeld = (event: PointerEvent): SelectMode => modeOf(modifiersOf(event), "set");

/** How an attribute is spread, what of it is selected, and a range that is dragged over it. */
export function HistogramBars({
  histogram,
  range,
  onRange,
  onEnd,
}: {
  readonly histogram: Histogram;
  readonly range: Range | undefined;
  readonly onRange: (range: Range) => void;
  readonly onEnd: (range: Range, mode: SelectMode) => void;
}) {
  const from = useRef<number>(undefined);
  const [badge, setBadge] = useState<{ readonly left: number; readonly sign: string }>();
  const { counts, selected, min, max } = histogram;
  // Square roots, so that rare values are seen beside common ones.
  const top = Math.sqrt(Math.max(1, ...counts));
  const bar = (count: number, i: number) => {
    const height = (HEIGHT * Math.sqrt(count)) / top;
    return <rect key={i} x={i} y={HEIGHT - height} width={1} height={height} />;
  };
  const at = (event: PointerEvent<HTMLDivElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return valueAt(histogram, (event.clientX - left) / width);
  };
  const upTo = (value: number): Range => [Math.min(from.current!, value), Math.max(from.current!, value)];
  return (
    <>
      <div
        className={classes["histogram"]}
        title="Drag over what you want; Shift adds it, Ctrl removes it, both keep what is in both"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = at(event);
          onRange([from.current, from.current]);
        }}
        onPointerMove={(event) => {
          const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
          setBadge({ left, sign: MODE_BADGES[modeHeld(event)].sign });
          if (from.current !== undefined) onRange(upTo(at(event)));
        }}
        onPointerLeave={() => setBadge(undefined)}
        onPointerUp={(event) => {
          if (from.current === undefined) return;
          const done = upTo(at(event));
          from.current = undefined;
          onEnd(done, modeHeld(event));
        }}
      >
        <svg viewBox={`0 0 ${counts.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
          <g className={classes["bars"]}>{counts.map(bar)}</g>
          <g className={classes["selectedBars"]}>{selected.map(bar)}</g>
          {range && <Band histogram={histogram} range={range} />}
        </svg>
        {badge && (
          <span className={classes["badge"]} style={{ left: badge.left }} aria-hidden>
            {badge.sign}
          </span>
        )}
      </div>
      <div className={classes["ends"]}>
        <span>{min.toPrecision(3)}</span>
        <span>{max.toPrecision(3)}</span>
      </div>
    </>
  );
}

function Band({ histogram, range }: { readonly histogram: Histogram; readonly range: Range }) {
  const [left, right] = range.map((value) => histogram.counts.length * shareOf(histogram, value));
  return (
    <rect className={classes["range"]} x={left} y={0} width={Math.max(0.4, right! - left!)} height={HEIGHT} />
  );
}
