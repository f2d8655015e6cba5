/**
 * How many samples one call of a network evaluates, `rows` of them at hand: as many as `limit` allows so that all calls
 * are of one size, as a WebGPU session is made for one.
 * @param before what the session is made for already, if it is; it goes on with sizes that divide it, so that a number
 *   of rows that goes back and forth does not load the network again and again
 */
export function callSize(rows: number, limit: number, before?: number): number {
  const shared = before === undefined ? rows : greatestCommonDivisor(rows, before);
  for (let size = Math.min(shared, Math.max(1, Math.floor(limit))); size > 1; size--) {
    if (shared % size === 0) return size;
  }
  return 1;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
