import { Presets, SingleBar } from "cli-progress";

export interface Progress {
  update(step: number, perSecond: number, secondsLeft: number): void;
  stop(): void;
}

/** A bar on standard error with steps per second and the time left; lines every so often where that is no terminal. */
export function createProgress(total: number): Progress {
  return process.stderr.isTTY ? bar(total) : lines(total);
}

function bar(total: number): Progress {
  const bar = new SingleBar(
    {
      format: "{bar} {value}/{total} steps  {rate}  {left}",
      barsize: 30,
      hideCursor: true,
      gracefulExit: false, // Ctrl-C is the program's business: it stops and keeps
      fps: 8,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { rate: "", left: "" });
  return {
    update: (step, perSecond, secondsLeft) =>
      bar.update(step, { rate: rateInWords(perSecond), left: leftInWords(secondsLeft) }),
    stop: () => bar.stop(),
  };
}

const LINE_INTERVAL = 10_000; // ms

function lines(total: number): Progress {
  let due = -Infinity;
  return {
    update(step, perSecond, secondsLeft) {
      if (performance.now() < due && step < total) return;
      due = performance.now() + LINE_INTERVAL;
      const rest = [rateInWords(perSecond), leftInWords(secondsLeft)].filter(Boolean);
      console.error([`${step}/${total} steps`, ...rest].join("  "));
    },
    stop: () => {},
  };
}

/** Slow steps read better as their duration. */
export function rateInWords(perSecond: number): string {
  if (!(perSecond > 0)) return "";
  return perSecond >= 1 ? `${perSecond.toFixed(1)} it/s` : `${(1 / perSecond).toFixed(1)} s/it`;
}

export function leftInWords(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  return `${timeInWords(seconds)} left`;
}

/** 65 → "1:05", 3700 → "1:01:40". */
export function timeInWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
