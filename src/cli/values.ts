/** Words of a command line as values. Each parser throws commander's error, which names the option and exits with 2. */
import { InvalidArgumentError } from "commander";
import type { AnyValues, Param, ParamSpec } from "../core/params.ts";

export type Numbers = readonly number[];

/** A number within limits; `whole` for counts. */
export function numberIn(min: number, max: number, whole = false): (word: string) => number {
  return (word) => {
    const value = Number(word);
    const fits = word.trim() !== "" && value >= min && value <= max && (!whole || Number.isInteger(value));
    if (!fits)
      throw new InvalidArgumentError(`Expected a ${whole ? "whole " : ""}number from ${min} to ${max}.`);
    return value;
  };
}

/** "1,2,3" with exactly `count` numbers. */
export function numberList(count: number): (word: string) => Numbers {
  return (word) => {
    const values = word.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
    if (values.length !== count || !values.every(Number.isFinite)) {
      throw new InvalidArgumentError(`Expected ${count} numbers with commas between them.`);
    }
    return values;
  };
}

/** A center and a radius, "x,y,z,r". */
export function sphere(word: string): { center: [number, number, number]; radius: number } {
  const [x, y, z, radius] = numberList(4)(word) as [number, number, number, number];
  if (!(radius > 0)) throw new InvalidArgumentError("Expected a radius above 0.");
  return { center: [x, y, z], radius };
}

const AXES: Readonly<Record<string, readonly [number, number, number]>> = {
  x: [1, 0, 0],
  y: [0, 1, 0],
  z: [0, 0, 1],
};

/** "+y", "-z", "0,1,0" or "auto". */
export function upAxis(word: string): "auto" | [number, number, number] {
  if (word === "auto") return "auto";
  const named = /^([+-]?)([xyz])$/i.exec(word);
  if (named) {
    const sign = named[1] === "-" ? -1 : 1;
    return AXES[named[2]!.toLowerCase()]!.map((value) => sign * value || 0) as [number, number, number];
  }
  const vector = numberList(3)(word) as [number, number, number];
  if (Math.hypot(...vector) === 0) throw new InvalidArgumentError("Expected a direction.");
  return vector;
}

/** One of a registry's ids. */
export function idOf(registry: {
  readonly all: readonly { readonly id: string }[];
}): (word: string) => string {
  const ids = registry.all.map(({ id }) => id);
  return (word) => {
    if (!ids.includes(word)) throw new InvalidArgumentError(`Expected one of: ${ids.join(", ")}.`);
    return word;
  };
}

/** Collects "name=value" of an option that may be given more than once. */
export function assignment(word: string, before: readonly Assignment[] = []): readonly Assignment[] {
  const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(word) ?? [];
  if (!name || !value) throw new InvalidArgumentError("Expected name=value.");
  return [...before, { name, value }];
}
export interface Assignment {
  readonly name: string;
  readonly value: string;
}

/**
 * Assignments as parameter values. Unlike a form, a command line is told when it is wrong: unknown names and values
 * out of range throw.
 */
export function assigned(spec: ParamSpec, assignments: readonly Assignment[], what: string): AnyValues {
  return Object.fromEntries(
    assignments.map(({ name, value }) => {
      const param = spec[name];
      if (!param) {
        const names = Object.keys(spec);
        const known = names.length ? `it has ${names.join(", ")}` : "it has none";
        throw new InvalidArgumentError(`${what} has no parameter “${name}”; ${known}.`);
      }
      return [name, paramValue(name, param, value)];
    }),
  );
}

function paramValue(name: string, param: Param, word: string): number | boolean | string {
  switch (param.kind) {
    case "slider": {
      const value = Number(word);
      if (value >= param.min && value <= param.max) return value;
      throw new InvalidArgumentError(
        `“${name}” is a number from ${param.min} to ${param.max}, not “${word}”.`,
      );
    }
    case "toggle":
      if (/^(true|on|yes|1)$/i.test(word)) return true;
      if (/^(false|off|no|0)$/i.test(word)) return false;
      throw new InvalidArgumentError(`“${name}” is true or false, not “${word}”.`);
    case "choice":
      if (param.options.includes(word)) return word;
      throw new InvalidArgumentError(`“${name}” is one of ${param.options.join(", ")}, not “${word}”.`);
  }
}

/** A parameter's values and default, for lists. */
export function describeParam(param: Param): string {
  switch (param.kind) {
    case "slider":
      return `${param.min} … ${param.max}, default ${param.default}`;
    case "toggle":
      return `true or false, default ${param.default}`;
    case "choice":
      return `${param.options.join(" | ")}, default ${param.default}`;
  }
}
