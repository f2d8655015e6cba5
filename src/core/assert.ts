/** Fails on our own mistakes. The message names the value, what it was and what it should have been. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Checks a flat array's length against the shape it is said to have. */
export function assertShape(name: string, data: ArrayLike<number>, shape: readonly number[]): void {
  const expected = shape.reduce((product, size) => product * size, 1);
  assert(
    data.length === expected,
    `${name}: got ${data.length} values, expected ${shape.join(" × ")} = ${expected}`,
  );
}
