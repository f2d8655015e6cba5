/** Text in columns, and how numbers read in them. */
import { number } from "../formats/words.ts";

export interface Column<T> {
  readonly title: string;
  /** Words to the left, numbers to the right. */
  readonly align: "left" | "right";
  text(row: T): string;
}

/** A line of titles and one for each row; no line ends in spaces. */
export function formatTable<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ text }) => text(row))),
  ];
  const widths = columns.map((_, i) => Math.max(...lines.map((cells) => cells[i]!.length)));
  const pad = (cell: string, i: number): string =>
    columns[i]!.align === "left" ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!);
  return lines.map((cells) => cells.map(pad).join("  ").trimEnd()).join("\n");
}

/** Three digits or so: 0.123, 1.23, 12.3, 123, 1,234. */
export function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return number(Math.round(value));
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** 0.1234 → "12 %", 0.01234 → "1.2 %". */
export const percent = (share: number): string => `${(100 * share).toFixed(Math.abs(share) < 0.1 ? 1 : 0)} %`;
