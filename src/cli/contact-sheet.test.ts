import { PNG } from "pngjs";
import { expect, it } from "vitest";
import type { RgbaPicture } from "../edit/pictures.ts";
import { contactSheet, encodePng } from "./contact-sheet.ts";

const plain = (level: number): RgbaPicture => ({
  width: 3,
  height: 2,
  data: new Uint8ClampedArray(24).fill(level),
});
const levelAt = ({ width, data }: RgbaPicture, x: number, y: number): number => data[4 * (y * width + x)]!;

it("lays pictures out in rows with white between them", () => {
  const sheet = contactSheet([[plain(10), plain(20)], [plain(30)]], 1);
  expect([sheet.width, sheet.height]).toEqual([7, 5]);
  const corners = [
    [0, 0],
    [2, 1],
    [3, 0],
    [4, 0],
    [6, 1],
    [0, 2],
    [0, 3],
    [4, 4],
  ] as const;
  expect(corners.map(([x, y]) => levelAt(sheet, x, y))).toEqual([10, 10, 255, 20, 20, 255, 30, 255]);
});

it("refuses pictures of different sizes, and none at all", () => {
  const odd = { ...plain(0), width: 2, data: new Uint8ClampedArray(16) };
  expect(() => contactSheet([[plain(0), odd]])).toThrow(/sizes differ/);
  expect(() => contactSheet([[]])).toThrow(/no pictures/);
});

it("encodes PNG files that hold every pixel", () => {
  const picture = { width: 3, height: 2, data: Uint8ClampedArray.from({ length: 24 }, (_, i) => 10 * i) };
  const { width, height, data } = PNG.sync.read(Buffer.from(encodePng(picture)));
  expect([width, height, [...data]]).toEqual([3, 2, [...picture.data]]);
});
