import { useEffect, useState } from "react";
import { median, quantile } from "../../core/statistics.ts";

/** Milliseconds between frames of the page, the middle one and what one in twenty exceeds. */
export interface FrameIntervals {
  readonly median: number;
  readonly p95: number;
}

/** Frames that count, and time between two readings. */
const WINDOW = 300;
const READING_INTERVAL = 1000; // ms

/** Of the last frames since `phase` began; undefined until there are some. Frames are counted while it is in use. */
export function useFrameIntervals(phase: unknown): FrameIntervals | undefined {
  const [intervals, setIntervals] = useState<FrameIntervals>();
  useEffect(() => {
    setIntervals(undefined);
    const last: number[] = [];
    let before: number | undefined;
    let due = performance.now() + READING_INTERVAL;
    let request = requestAnimationFrame(function frame(now) {
      if (before !== undefined) last.push(now - before);
      before = now;
      if (last.length > WINDOW) last.shift();
      if (now >= due && last.length > 0) {
        setIntervals({ median: median(last), p95: quantile(last, 0.95) });
        due = now + READING_INTERVAL;
      }
      request = requestAnimationFrame(frame);
    });
    return () => cancelAnimationFrame(request);
  }, [phase]);
  return intervals;
}
