/** The largest of 1, 2 and 5 times a power of ten that is not above `length`, which is positive. */
export function roundStep(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length));
  return [5, 2, 1].find((digit) => digit * power <= length * (1 + 1e-9))! * power;
}
