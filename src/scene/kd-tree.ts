/**
 * Neighbours among points in space: a balanced k-d tree (Bentley 1975) in flat arrays, each node the median along the
 * widest side of its points. Splat scenes are too uneven for a grid of equal cells: dense surfaces, a far sky.
 */
import { assert } from "../core/assert.ts";

/** Ranges of at most this many points are searched one by one. */
const LEAF = 12;

export class KdTree {
  readonly size: number;
  /** In tree order, so that neighbours in space are neighbours in memory. */
  readonly #points: Float32Array; // [n, 3]
  /** Index of each among the points given. */
  readonly #ids: Uint32Array; // [n]
  /** Of the node in the middle of a range: the axis it splits. */
  readonly #axes: Uint8Array; // [n]
  /** Of the range around each middle: how many points have not been taken. Only made when some are. */
  #left: Uint32Array | undefined; // [n]
  #taken = new Uint8Array(0); // [n]
  // Of the query under way: where, how far at most, whom to leave out, and the nearest so far.
  #x = 0;
  #y = 0;
  #z = 0;
  #reach = 0;
  #skip = -1;
  #found = 0;
  #distances = new Float64Array(0);
  #visit: (id: number) => void = () => {};

  /** `points` [n, 3] are copied. All of them have to be finite. */
  constructor(points: Float32Array) {
    assert(points.length % 3 === 0, `KdTree: got ${points.length} values, expected three a point`);
    this.size = points.length / 3;
    this.#points = points.slice();
    this.#ids = Uint32Array.from({ length: this.size }, (_, i) => i);
    this.#axes = new Uint8Array(this.size);
    this.#build(0, this.size - 1);
  }

  /** Calls `visit` with the index of each point within `radius`, the border included. */
  within(x: number, y: number, z: number, radius: number, visit: (id: number) => void): void {
    this.#aim(x, y, z, radius * radius);
    this.#visit = visit;
    this.#search(0, this.size - 1);
  }

  /** As `within`, for points that no `take` has visited yet: whole ranges that have been taken cost nothing. */
  take(x: number, y: number, z: number, radius: number, visit: (id: number) => void): void {
    if (!this.#left) {
      this.#left = new Uint32Array(this.size);
      this.#taken = new Uint8Array(this.size);
      this.#countRange(this.#left, 0, this.size - 1);
    }
    this.#aim(x, y, z, radius * radius);
    this.#visit = visit;
    this.#remove(this.#left, 0, this.size - 1);
  }

  /** Distance to the nearest point; Infinity where there is none within `reach`. */
  nearest(x: number, y: number, z: number, reach = Infinity): number {
    return this.kthNearest(x, y, z, 1, reach);
  }

  /** Distance to the k-th nearest point; Infinity where there are fewer within `reach`. */
  kthNearest(x: number, y: number, z: number, k: number, reach = Infinity): number {
    this.#aim(x, y, z, reach * reach);
    return this.#kth(k);
  }

  /**
   * Writes the distance of each point given to its k-th nearest other one; Infinity if there are fewer. `from` and `to`
   * do a part of the work, in an order of the tree's own.
   */
  kthDistances(k: number, out = new Float32Array(this.size), from = 0, to = this.size): Float32Array {
    const points = this.#points;
    for (let i = from; i < Math.min(to, this.size); i++) {
      this.#aim(points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!, Infinity);
      this.#skip = i;
      out[this.#ids[i]!] = this.#kth(k);
    }
    return out;
  }

  #kth(k: number): number {
    if (this.#distances.length !== k) this.#distances = new Float64Array(k);
    this.#rank(0, this.size - 1);
    return this.#found === k ? Math.sqrt(this.#distances[k - 1]!) : Infinity;
  }

  #aim(x: number, y: number, z: number, reach: number): void {
    this.#x = x;
    this.#y = y;
    this.#z = z;
    this.#reach = reach;
    this.#skip = -1;
    this.#found = 0;
  }

  #squared(i: number): number {
    const points = this.#points;
    const dx = points[3 * i]! - this.#x;
    const dy = points[3 * i + 1]! - this.#y;
    const dz = points[3 * i + 2]! - this.#z;
    return dx * dx + dy * dy + dz * dz;
  }

  /** Signed distance of the query from the plane of a node. */
  #beyond(node: number, axis: number): number {
    return (axis === 0 ? this.#x : axis === 1 ? this.#y : this.#z) - this.#points[3 * node + axis]!;
  }

  #search(from: number, to: number): void {
    if (to - from < LEAF) {
      for (let i = from; i <= to; i++) if (this.#squared(i) <= this.#reach) this.#visit(this.#ids[i]!);
      return;
    }
    const middle = (from + to) >> 1;
    const beyond = this.#beyond(middle, this.#axes[middle]!);
    if (this.#squared(middle) <= this.#reach) this.#visit(this.#ids[middle]!);
    const crosses = beyond * beyond <= this.#reach;
    if (beyond <= 0 || crosses) this.#search(from, middle - 1);
    if (beyond >= 0 || crosses) this.#search(middle + 1, to);
  }

  #countRange(left: Uint32Array, from: number, to: number): void {
    if (to < from) return;
    const middle = (from + to) >> 1;
    left[middle] = to - from + 1;
    if (to - from < LEAF) return;
    this.#countRange(left, from, middle - 1);
    this.#countRange(left, middle + 1, to);
  }

  /** Visits and takes what is left in a range; returns how many. */
  #remove(left: Uint32Array, from: number, to: number): number {
    if (to < from) return 0;
    const middle = (from + to) >> 1;
    if (left[middle] === 0) return 0;
    let removed = 0;
    if (to - from < LEAF) {
      for (let i = from; i <= to; i++) removed += this.#takeOne(i);
    } else {
      const beyond = this.#beyond(middle, this.#axes[middle]!);
      const crosses = beyond * beyond <= this.#reach;
      removed += this.#takeOne(middle);
      if (beyond <= 0 || crosses) removed += this.#remove(left, from, middle - 1);
      if (beyond >= 0 || crosses) removed += this.#remove(left, middle + 1, to);
    }
    left[middle]! -= removed;
    return removed;
  }

  #takeOne(i: number): number {
    if (this.#taken[i] || this.#squared(i) > this.#reach) return 0;
    this.#taken[i] = 1;
    this.#visit(this.#ids[i]!);
    return 1;
  }

  /** Keeps the nearest distances in order; once there are enough, the reach shrinks to the last of them. */
  #rank(from: number, to: number): void {
    if (to - from < LEAF) {
      for (let i = from; i <= to; i++) this.#offer(i);
      return;
    }
    const middle = (from + to) >> 1;
    const beyond = this.#beyond(middle, this.#axes[middle]!);
    if (beyond <= 0) this.#rank(from, middle - 1);
    else this.#rank(middle + 1, to);
    this.#offer(middle);
    if (beyond * beyond > this.#reach) return;
    if (beyond <= 0) this.#rank(middle + 1, to);
    else this.#rank(from, middle - 1);
  }

  #offer(i: number): void {
    const squared = this.#squared(i);
    if (squared > this.#reach || i === this.#skip) return;
    const distances = this.#distances;
    const last = distances.length - 1;
    if (this.#found > last && squared >= distances[last]!) return;
    let place = this.#found > last ? last : this.#found++;
    for (; place > 0 && distances[place - 1]! > squared; place--) distances[place] = distances[place - 1]!;
    distances[place] = squared;
    if (this.#found > last) this.#reach = distances[last]!;
  }

  #build(from: number, to: number): void {
    if (to - from < LEAF) return;
    const axis = this.#widest(from, to);
    const middle = (from + to) >> 1;
    this.#axes[middle] = axis;
    this.#select(from, to, middle, axis);
    this.#build(from, middle - 1);
    this.#build(middle + 1, to);
  }

  #widest(from: number, to: number): number {
    const points = this.#points;
    let [widest, width] = [0, -1];
    for (let axis = 0; axis < 3; axis++) {
      let [low, high] = [Infinity, -Infinity];
      for (let i = 3 * from + axis; i <= 3 * to + axis; i += 3) {
        const value = points[i]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (high - low > width) [widest, width] = [axis, high - low];
    }
    return widest;
  }

  /** Hoare's selection: the point that belongs at `middle` along the axis gets there, smaller ones before it. */
  #select(left: number, right: number, middle: number, axis: number): void {
    const points = this.#points;
    while (left < right) {
      const pivot = points[3 * ((left + right) >> 1) + axis]!;
      let [i, j] = [left, right];
      while (i <= j) {
        while (points[3 * i + axis]! < pivot) i++;
        while (points[3 * j + axis]! > pivot) j--;
        if (i <= j) this.#swap(i++, j--);
      }
      if (j < middle) left = i;
      if (i > middle) right = j;
    }
  }

  #swap(i: number, j: number): void {
    const [points, ids] = [this.#points, this.#ids];
    for (let axis = 0; axis < 3; axis++) {
      const value = points[3 * i + axis]!;
      points[3 * i + axis] = points[3 * j + axis]!;
      points[3 * j + axis] = value;
    }
    const id = ids[i]!;
    ids[i] = ids[j]!;
    ids[j] = id;
  }
}
