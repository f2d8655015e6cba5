import { expect, it } from "vitest";
import { digits, formatTable, percent } from "./table.ts";
import type { Column } from "./table.ts";

interface Fruit {
  readonly name: string;
  readonly grams: number;
  readonly note?: string;
}
const COLUMNS: readonly Column<Fruit>[] = [
  { title: "fruit", align: "left", text: ({ name }) => name },
  { title: "g", align: "right", text: ({ grams }) => digits(grams) },
  { title: "note", align: "left", text: ({ note }) => note ?? "" },
];

it("aligns words to the left and numbers to the right, as wide as the widest", () => {
  const rows = [
    { name: "pumpkin", grams: 12_345, note: "orange × 1" },
    { name: "fig", grams: 50.04 },
  ];
  expect(formatTable(COLUMNS, rows).split("\n")).toEqual([
    "fruit         g  note",
    "pumpkin  12,345  orange × 1",
    "fig        50.0",
  ]);
});

it("is a line of titles where there are no rows", () => {
  expect(formatTable(COLUMNS, [])).toBe("fruit  g  note");
});

it("shows about three digits of any number", () => {
  const numbers = [0, 0.01234, 0.5, 1, 9.876, 12.34, 123.4, 1234.5, -2.5];
  expect(numbers.map(digits)).toEqual([
    ...["0.000", "0.012", "0.500", "1.00", "9.88", "12.3", "123", "1,235", "-2.50"],
  ]);
  expect([0.005, 0.0999, 0.1, 1.234, -0.02].map(percent)).toEqual([
    ...["0.5 %", "10.0 %", "10 %", "123 %", "-2.0 %"],
  ]);
});
