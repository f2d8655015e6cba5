/**
 * From pictures with hit points to splats: every pixel is a point with a normal and a colour seen from one direction;
 * points are merged by cells, each cell becomes one flat splat along its surface whose colour, as a function of the
 * viewing direction, is the least-squares fit of what its points showed.
 */
import type { Vec3 } from "../../camera/camera.ts";
import { AXES, cross, direction, dominantAxis, subtract } from "../../camera/vec3.ts";
import { createSplats } from "../../scene/attributes.ts";
import type { Splats } from "../../scene/attributes.ts";
import { SURFACE } from "./world.ts";
import type { WorldView } from "./world.ts";

/** Side of a cell on the object. */
const OBJECT_CELL = 0.03;
/** Side of a ground cell: constant near the object, then growing with the distance from it. */
const GROUND_CELL = 0.05;
const GROUND_NEAR = 1.1;
const GROUND_GROWTH = 0.85;
/** Ground beyond this is part of the horizon. */
const GROUND_END = 60;
/** Angle between cells of the sky, radians, and how far away it is. */
const SKY_CELL = 0.09;
const SKY_DISTANCE = 200;

/**
 * Standard deviations in cells: along the surface, where neighbours must close up (in the sky, which is smooth, more
 * than elsewhere), and across it.
 */
const SIGMA_ALONG = { object: 0.6, ground: 0.65, sky: 1 } as const;
const SIGMA_ACROSS = 0.12;
const OPACITY_LOGIT = 3;
/** Cells with fewer points are noise at silhouettes. */
const MIN_POINTS = 2;
/** Pulls the direction-dependent part of the colour to zero, in numbers of points. */
const RIDGE = 0.2;

/** Degree 0 and 1 of the real spherical harmonics, in the convention of every splat file. */
const C0 = 0.28209479177387814;
const C1 = 0.4886025119029199;

/** Sums over the points of a cell. */
interface Cell {
  /** Standard deviations of its splat. */
  readonly along: number;
  readonly across: number;
  count: number;
  readonly position: Float64Array; // [3]
  readonly normal: Float64Array; // [3]
  /** Normal equations of the colour in the basis (Y_0 … Y_3): upper part AᵀA [4][4], and Aᵀb [4][3]. */
  readonly gram: Float64Array; // [16]
  readonly moment: Float64Array; // [12]
}

export function liftViews(views: readonly WorldView[]): Splats {
  const cells = new Map<string, Cell>();
  for (const view of views) {
    for (let pixel = 0; pixel < view.surface.length; pixel++) addPoint(cells, view, pixel);
  }
  const kept = [...cells.values()].filter(({ count }) => count >= MIN_POINTS);
  const splats = createSplats(kept.length, 1);
  kept.forEach((cell, i) => writeSplat(cell, splats, i));
  return splats;
}

function addPoint(cells: Map<string, Cell>, view: WorldView, pixel: number): void {
  const at3 = (values: Float32Array): Vec3 => [
    values[3 * pixel]!,
    values[3 * pixel + 1]!,
    values[3 * pixel + 2]!,
  ];
  let surface = view.surface[pixel]!;
  let point = at3(view.position);
  let normal = at3(view.normal);
  const ray = direction(subtract(point, view.eye))!;
  if (surface === SURFACE.ground && Math.hypot(point[0], point[2]) > GROUND_END) {
    surface = SURFACE.sky;
    point = [0, 1, 2].map((k) => view.eye[k]! + SKY_DISTANCE * ray[k]!) as unknown as Vec3;
    normal = [-ray[0], -ray[1], -ray[2]];
  }
  const { key, size, along } = cellOf(surface, point, ray);
  let cell = cells.get(key);
  if (!cell) {
    const zeros = (length: number): Float64Array => new Float64Array(length);
    const sigmas = { along: along * size, across: SIGMA_ACROSS * size };
    cell = { ...sigmas, count: 0, position: zeros(3), normal: zeros(3), gram: zeros(16), moment: zeros(12) };
    cells.set(key, cell);
  }
  cell.count++;
  const pixels = view.surface.length;
  const basis = [C0, -C1 * ray[1], C1 * ray[2], -C1 * ray[0]];
  for (let k = 0; k < 3; k++) {
    cell.position[k]! += point[k]!;
    cell.normal[k]! += normal[k]!;
  }
  for (let a = 0; a < 4; a++) {
    for (let b = 0; b < 4; b++) cell.gram[4 * a + b]! += basis[a]! * basis[b]!;
    for (let c = 0; c < 3; c++)
      cell.moment[3 * a + c]! += basis[a]! * (view.image[c * pixels + pixel]! - 0.5);
  }
}

function cellOf(surface: number, [x, y, z]: Vec3, ray: Vec3): { key: string; size: number; along: number } {
  switch (surface) {
    case SURFACE.object: {
      const index = (value: number): number => Math.floor(value / OBJECT_CELL);
      return { key: `o${index(x)},${index(y)},${index(z)}`, size: OBJECT_CELL, along: SIGMA_ALONG.object };
    }
    case SURFACE.ground: {
      // Rings around the object: their width and the cells along them grow alike.
      const ring = ringOf(Math.hypot(x, z));
      const radius = radiusOfRing(ring + 0.5);
      const size = groundCell(radius);
      const around = Math.max(1, Math.round((2 * Math.PI * radius) / size));
      const place = Math.floor((Math.atan2(z, x) / (2 * Math.PI) + 0.5) * around);
      return { key: `g${ring},${place}`, size, along: SIGMA_ALONG.ground };
    }
    default: {
      const elevation = Math.asin(Math.max(-1, Math.min(1, ray[1])));
      const row = Math.floor(elevation / SKY_CELL);
      const around = Math.max(1, Math.round((2 * Math.PI * Math.cos((row + 0.5) * SKY_CELL)) / SKY_CELL));
      const place = Math.floor((Math.atan2(ray[2], ray[0]) / (2 * Math.PI) + 0.5) * around);
      return { key: `s${row},${place}`, size: SKY_CELL * SKY_DISTANCE, along: SIGMA_ALONG.sky };
    }
  }
}

const groundCell = (radius: number): number =>
  GROUND_CELL * Math.max(1, radius / GROUND_NEAR) ** GROUND_GROWTH;

/** Number of cells from the middle to a radius, ∫ dr / groundCell(r), and its inverse. */
function ringOf(radius: number): number {
  if (radius <= GROUND_NEAR) return Math.floor(radius / GROUND_CELL);
  const rest = 1 - GROUND_GROWTH;
  const beyond = (GROUND_NEAR / rest) * ((radius / GROUND_NEAR) ** rest - 1);
  return Math.floor((GROUND_NEAR + beyond) / GROUND_CELL);
}
function radiusOfRing(ring: number): number {
  const cells = ring * GROUND_CELL;
  if (cells <= GROUND_NEAR) return cells;
  const rest = 1 - GROUND_GROWTH;
  return GROUND_NEAR * (1 + ((cells - GROUND_NEAR) / GROUND_NEAR) * rest) ** (1 / rest);
}

function writeSplat(cell: Cell, splats: Splats, i: number): void {
  const { along, across, count, position, normal, gram, moment } = cell;
  for (let k = 0; k < 3; k++) splats.means[3 * i + k] = position[k]! / count;
  splats.quaternions.set(facing(direction([normal[0]!, normal[1]!, normal[2]!]) ?? [0, 1, 0]), 4 * i);
  splats.logScales.set([Math.log(along), Math.log(along), Math.log(across)], 3 * i);
  splats.opacityLogits[i] = OPACITY_LOGIT;

  const system = Float64Array.from(gram);
  for (let a = 1; a < 4; a++) system[5 * a]! += RIDGE * C1 * C1;
  splats.sh.set(solve4(system, Float64Array.from(moment)), 12 * i);
}

/** Quaternion (w, x, y, z) of a rotation that takes the z axis to `normal`. */
function facing(normal: Vec3): [number, number, number, number] {
  const x = direction(cross(AXES[(dominantAxis(normal) + 1) % 3]!, normal))!;
  const y = cross(normal, x);
  return quaternionOf([x[0], y[0], normal[0], x[1], y[1], normal[1], x[2], y[2], normal[2]]);
}

/** Of a rotation matrix, row-major (Shepperd 1978: divide by the largest component). */
function quaternionOf(m: readonly number[]): [number, number, number, number] {
  const [xx, yy, zz] = [m[0]!, m[4]!, m[8]!];
  const squares = [1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz];
  const largest = squares.indexOf(Math.max(...squares));
  const s = 2 * Math.sqrt(squares[largest]!);
  const [wx, wy, wz] = [m[7]! - m[5]!, m[2]! - m[6]!, m[3]! - m[1]!];
  const [xy, xz, yz] = [m[1]! + m[3]!, m[2]! + m[6]!, m[5]! + m[7]!];
  const rows = [
    [squares[0]!, wx, wy, wz],
    [wx, squares[1]!, xy, xz],
    [wy, xy, squares[2]!, yz],
    [wz, xz, yz, squares[3]!],
  ];
  return rows[largest]!.map((value) => value / s) as [number, number, number, number];
}

/** Solves a symmetric positive definite 4 × 4 system for three right-hand sides, in place (Cholesky). */
function solve4(a: Float64Array, b: Float64Array): Float64Array {
  for (let j = 0; j < 4; j++) {
    for (let k = 0; k < j; k++) for (let i = j; i < 4; i++) a[4 * i + j]! -= a[4 * i + k]! * a[4 * j + k]!;
    const pivot = Math.sqrt(a[5 * j]!);
    for (let i = j; i < 4; i++) a[4 * i + j]! /= pivot;
  }
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < 4; i++) {
      for (let k = 0; k < i; k++) b[3 * i + c]! -= a[4 * i + k]! * b[3 * k + c]!;
      b[3 * i + c]! /= a[5 * i]!;
    }
    for (let i = 3; i >= 0; i--) {
      for (let k = i + 1; k < 4; k++) b[3 * i + c]! -= a[4 * k + i]! * b[3 * k + c]!;
      b[3 * i + c]! /= a[5 * i]!;
    }
  }
  return b;
}
