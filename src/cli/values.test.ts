import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { choice, slider, toggle } from "../core/params.ts";
import { assigned, assignment, idOf, numberIn, numberList, sphere, upAxis } from "./values.ts";

const refused = (parse: () => unknown, says: RegExp): void => {
  expect(parse).toThrow(InvalidArgumentError);
  expect(parse).toThrow(says);
};

describe("values on a command line", () => {
  it("are numbers within limits", () => {
    expect(numberIn(0, 10)("2.5")).toBe(2.5);
    expect(numberIn(1, 10, true)("7")).toBe(7);
    for (const word of ["", " ", "x", "11", "-1", "NaN", "1e9", "2,5"])
      refused(() => numberIn(0, 10)(word), /0 to 10/);
    refused(() => numberIn(1, 10, true)("2.5"), /whole number/);
  });

  it("are lists of numbers, spheres and directions", () => {
    expect(numberList(3)("1, -2,3e-1")).toEqual([1, -2, 0.3]);
    for (const word of ["1,2", "1,2,3,4", "1,,3", "1,2,x", "1,2,Infinity"])
      refused(() => numberList(3)(word), /3 numbers/);
    expect(sphere("1,2,3,0.5")).toEqual({ center: [1, 2, 3], radius: 0.5 });
    refused(() => sphere("1,2,3,0"), /radius above 0/);
    expect(upAxis("auto")).toBe("auto");
    expect([upAxis("y"), upAxis("-Z"), upAxis("+x"), upAxis("0,-2,0")]).toEqual([
      [0, 1, 0],
      [0, 0, -1],
      [1, 0, 0],
      [0, -2, 0],
    ]);
    refused(() => upAxis("0,0,0"), /direction/);
    refused(() => upAxis("up"), /3 numbers/);
  });

  it("are ids of what there is", () => {
    const parse = idOf({ all: [{ id: "a" }, { id: "b" }] });
    expect(parse("b")).toBe("b");
    refused(() => parse("c"), /a, b/);
  });

  it("assign parameters, and are told when they are wrong", () => {
    const text = { label: "", help: "" };
    const spec = {
      wp: slider({ ...text, min: 0, max: 20, step: 1, default: 7 }),
      on: toggle({ ...text, default: true }),
      mode: choice({ ...text, options: ["soft", "hard"], default: "soft" }),
    };
    const assign = (...words: string[]) =>
      assigned(
        spec,
        words.reduce((all, word) => assignment(word, all), [] as ReturnType<typeof assignment>),
        "SSD",
      );
    expect(assign("wp=3.5", "on = no", "mode=hard")).toEqual({ wp: 3.5, on: false, mode: "hard" });
    expect(assign()).toEqual({});
    refused(() => assign("wq=1"), /SSD has no parameter “wq”; it has wp, on, mode/);
    refused(() => assign("wp=21"), /from 0 to 20/);
    refused(() => assign("wp=x"), /from 0 to 20/);
    refused(() => assign("on=maybe"), /true or false/);
    refused(() => assign("mode=odd"), /soft, hard/);
    refused(() => assign("wp"), /name=value/);
    refused(() => assign("wp="), /name=value/);
  });
});
