import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { createRng } from "../core/rng.ts";
import { samplePoints, type Point } from "../scene/bounds.ts";
import { pointScene, shapes } from "../scene/testing/point-scene.ts";
import type { Vec3 } from "./camera.ts";
import { orbitFrame } from "./orbit.ts";
import { planeFit, planeThrough } from "./plane-fit.ts";
import { CONVENTIONAL_UP, guessUp } from "./up-axis.ts";
import { add, direction, dot, scale } from "./vec3.ts";

const guess = (points: readonly Point[]) => guessUp(samplePoints(pointScene(points))!);
const degreesBetween = (a: Vec3, b: Vec3): number => (Math.acos(Math.min(1, dot(a, b))) * 180) / Math.PI;

/** A scene modelled with y upwards, turned so that `up` is. */
function turned(points: readonly Point[], up: Vec3): Point[] {
  const frame = orbitFrame(up);
  return points.map(([x, y, z]) =>
    [scale(frame.quarter, x), scale(frame.up, y), scale(frame.zero, z)].reduce<Vec3>(add, [3, -1, 2]),
  );
}

/** Modelled with y upwards. */
const SCENES = {
  "an apple on a table": (rng = createRng("apple")) => [
    ...shapes.ball(rng, 2500, [0, 0.5, 0], 0.5),
    ...shapes.ground(rng, 2000, 0, 1.5),
    ...shapes.floaters(rng, 60, 3),
  ],
  "a statue under the sky": (rng = createRng("statue")) => [
    ...shapes.ball(rng, 2500, [0.3, 1, 0], 1),
    ...shapes.ground(rng, 2500, 0, 6),
    ...shapes.sky(rng, 1500, 60),
  ],
  "a chair in a room": (rng = createRng("chair")) => [
    ...shapes.ball(rng, 1500, [0, 0.4, 0], 0.4),
    ...shapes.room(rng, 5000, [-3, 0, -2.5], [3, 2.4, 2.5]),
  ],
};

const WAYS_UP: Record<string, Vec3> = {
  "INRIA's −y": [0, -1, 0],
  "−y, tilted as the first camera was": direction([0.15, -0.85, -0.45])!,
  "a viewer's +y": [0, 1, 0],
  "a modeller's +z": [0, 0, 1],
};

describe.each(["an apple on a table", "a statue under the sky"] as const)("%s", (name) => {
  test.each(Object.entries(WAYS_UP))("stands on %s", (_way, up) => {
    const { up: found, confidence } = guess(turned(SCENES[name](), up));
    expect(degreesBetween(found, up)).toBeLessThan(2);
    expect(confidence).toBeGreaterThan(0.3);
  });
});

test("in a room the floor wins against the walls and the ceiling, where the convention helps", () => {
  const { up } = guess(turned(SCENES["a chair in a room"](), CONVENTIONAL_UP));
  expect(degreesBetween(up, CONVENTIONAL_UP)).toBeLessThan(2);
});

describe("without a ground", () => {
  it.each([
    ["a ball", shapes.ball(createRng("ball"), 3000, [1, 2, 3], 1)],
    ["dust", shapes.floaters(createRng("dust"), 3000, 1)],
    ["three splats", shapes.floaters(createRng("three"), 3, 1)],
  ])("%s has the conventional way up, and no confidence", (_name, points) => {
    expect(guess(points)).toEqual({ up: CONVENTIONAL_UP, confidence: 0 });
  });

  it("a person before a wall is not thought to lie on it", () => {
    const rng = createRng("person");
    const wall = shapes.ground(rng, 1500, -1, 2);
    expect(guess(turned([...shapes.ball(rng, 4000, [0, 0, 0], 0.7), ...wall], [1, 0, 0])).up).toEqual(
      CONVENTIONAL_UP,
    );
  });
});

test("the guess repeats", () => {
  expect(guess(SCENES["a statue under the sky"]())).toEqual(guess(SCENES["a statue under the sky"]()));
});

describe("plane fits", () => {
  it("go through their points", () => {
    const { normal, offset } = planeThrough([1, 0, 0], [0, 1, 0], [0, 0, 1])!;
    normal.forEach((value) => expect(value).toBeCloseTo(1 / Math.sqrt(3), 12));
    expect(offset).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect(planeThrough([0, 0, 0], [1, 1, 1], [2, 2, 2])).toBeUndefined();
  });

  it.each(Object.values(WAYS_UP))("average the noise of a plane with normal %f, %f, %f", (...up) => {
    const { normal, offset } = planeFit(turned(shapes.ground(createRng("fit"), 500, 2, 1), up))!;
    const sign = Math.sign(dot(normal, up));
    expect(degreesBetween(scale(normal, sign), up)).toBeLessThan(0.1);
    expect(sign * offset).toBeCloseTo(2 + dot([3, -1, 2], up), 2);
  });
});

/** Photographed scenes, as COLMAP points in COLMAP's frame; up is known from how the photographer held the camera. */
const CAPTURES = new URL("../../../shared/captures/", import.meta.url);

describe.skipIf(!existsSync(CAPTURES))("real captures", () => {
  it.each(["bear", "face"])("%s", (name) => {
    const { frames } = JSON.parse(readFileSync(new URL(`${name}/transforms.json`, CAPTURES), "utf8")) as {
      frames: { transform_matrix: number[][] }[];
    };
    // The file's world is COLMAP's with x and y exchanged and z negated; a camera's second column is its up.
    const colmap = ([x, y, z]: readonly number[]): Vec3 => [y!, x!, -z!];
    const ups = frames.map(({ transform_matrix: rows }) => colmap([0, 1, 2].map((row) => rows[row]![1]!)));
    const up = direction(ups.reduce(add))!;
    const body = readFileSync(new URL(`${name}/sparse_pc.ply`, CAPTURES), "utf8").split("end_header\n")[1]!;
    const points = body
      .trim()
      .split("\n")
      .map((line) => colmap(line.split(" ").map(Number)));
    expect(degreesBetween(guess(points).up, up)).toBeLessThan(12);
  });
});
