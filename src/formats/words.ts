/** How numbers read in messages. */

const grouped = new Intl.NumberFormat("en-US");

/** 1234567 → "1,234,567". */
export const number = (value: number): string => grouped.format(value);

/** (1, "splat") → "1 splat", (2, "splat") → "2 splats". */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${number(count)} ${count === 1 ? noun : plural}`;

/** ["a", "b", "c"] → "a, b and c". */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)!}`;
}

/** 1536 → "1.5 KiB". */
export function bytesInWords(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${number(bytes)} bytes` : `${value.toFixed(1)} ${units[unit]!}`;
}
