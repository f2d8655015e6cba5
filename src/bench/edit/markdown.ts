import type { Column } from "../table.ts";

/** A table as GitHub reads it. */
export function markdownTable<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === "left" ? "---" : "---:"))),
    ...rows.map((row) => line(columns.map(({ text }) => text(row)))),
  ].join("\n");
}
