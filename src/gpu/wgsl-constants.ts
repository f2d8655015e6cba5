/** Values of WGSL constant expressions, so that the host reads numbers from the shader instead of repeating them. */
import { assert } from "../core/assert.ts";

export type Constants = Readonly<Record<string, number>>;

interface Value {
  readonly number: number;
  readonly isFloat: boolean;
}

const TOKEN =
  /\s*(0x[0-9a-f]+[iu]?|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[iufh]?|[a-z_]\w*|<<|>>|[-+*/%&|^~()])/giy;

/** Binary operators, loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

/**
 * Numeric value of an expression of literals, known names, arithmetic, shifts and scalar conversions; undefined for
 * anything else (vectors, builtin functions). Integer division truncates as WGSL's does.
 */
export function evaluate(expression: string, known: Constants): number | undefined {
  const tokens = tokenize(expression);
  if (!tokens) return undefined;
  let at = 0;

  const binary = (level: number): Value | undefined => {
    if (level === LEVELS.length) return unary();
    let left = binary(level + 1);
    while (left && LEVELS[level]!.includes(tokens[at]!)) {
      const operator = tokens[at++]!;
      const right = binary(level + 1);
      left = right && apply(operator, left, right);
    }
    return left;
  };
  const unary = (): Value | undefined => {
    if (tokens[at] !== "-" && tokens[at] !== "~") return primary();
    const operator = tokens[at++];
    const value = unary();
    if (!value) return undefined;
    return { ...value, number: operator === "-" ? -value.number : ~value.number };
  };
  const primary = (): Value | undefined => {
    const token = tokens[at++];
    if (token === undefined) return undefined;
    if (token === "(") return closed();
    if (/^[.\d]/.test(token)) return literal(token);
    if (/^[uif]32$|^f16$/.test(token) && tokens[at] === "(") {
      at++;
      const value = closed();
      const isFloat = token.startsWith("f");
      return value && { number: isFloat ? value.number : Math.trunc(value.number), isFloat };
    }
    const number = known[token];
    return number === undefined ? undefined : { number, isFloat: !Number.isInteger(number) };
  };
  const closed = (): Value | undefined => {
    const value = binary(0);
    return tokens[at++] === ")" ? value : undefined;
  };

  const value = binary(0);
  return at === tokens.length ? value?.number : undefined;
}

function tokenize(expression: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const text = expression.trim();
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    tokens.push(match[1]!);
  }
  return tokens;
}

function literal(token: string): Value {
  if (/^0x/i.test(token)) return { number: Number(token.replace(/[iu]$/, "")), isFloat: false };
  return { number: Number(token.replace(/[iufh]$/, "")), isFloat: /[.efh]/.test(token) };
}

function apply(operator: string, a: Value, b: Value): Value {
  const isFloat = a.isFloat || b.isFloat;
  const x = a.number;
  const y = b.number;
  const result: Record<string, () => number> = {
    "+": () => x + y,
    "-": () => x - y,
    "*": () => x * y,
    "/": () => (isFloat ? x / y : Math.trunc(x / y)),
    "%": () => x % y,
    "<<": () => (x << y) >>> 0,
    ">>": () => x >>> y,
    "&": () => (x & y) >>> 0,
    "|": () => (x | y) >>> 0,
    "^": () => (x ^ y) >>> 0,
  };
  const compute = result[operator];
  assert(compute, `no WGSL operator ${operator}`);
  return { number: compute(), isFloat };
}
