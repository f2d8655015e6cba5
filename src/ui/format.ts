/** Numbers as the page shows them. */

/** 42 s, 3 min 05 s, 1 h 12 min. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "…";
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const two = (value: number): string => String(value).padStart(2, "0");
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  if (minutes > 0) return `${minutes} min ${two(whole % 60)} s`;
  return `${whole} s`;
}

/** 2.4 it/s, or 3.1 s/it when slower than one a second. */
export function formatRate(perSecond: number): string {
  if (!(perSecond > 0)) return "… it/s";
  return perSecond >= 1 ? `${perSecond.toPrecision(2)} it/s` : `${(1 / perSecond).toPrecision(2)} s/it`;
}

export const formatCount = (count: number): string => count.toLocaleString("en-US");

/** As many digits as a slider's step has. */
export function decimalsOf(step: number): number {
  const text = step.toString();
  if (text.includes("e-")) return Number(text.split("e-")[1]);
  return text.split(".")[1]?.length ?? 0;
}
