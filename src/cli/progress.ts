import { Presets, SingleBar } from "cli-progress";

export interface Progress {
  update(step: number, perSecond: number, secondsLeft: number): void;
  stop(): void;
}

/** Lines instead of a moving bar, every so often, where the output is no terminal. */
const NO_TERMINAL_SECONDS = 10;

/** A bar on standard error with steps per second and the time left. */
export function createProgress(total: number): Progress {
  const bar = new SingleBar(
    {
      format: "{bar} {value}/{total} steps  {rate}  {left}",
      barsize: 30,
      hideCursor: true,
      clearOnComplete: false,
      stopOnComplete: false,
      gracefulExit: false, // Ctrl-C is the program's business: it stops and keeps
      noTTYOutput: true,
      notTTYSchedule: NO_TERMINAL_SECONDS * 1000,
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
