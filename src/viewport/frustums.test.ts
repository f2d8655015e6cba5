import { expect, it } from "vitest";
import { cameraCenter } from "../camera/pose.ts";
import { project } from "../camera/project.ts";
import { testCamera } from "../raster/testing/scenes.ts";
import { edgesOf, frustumLines } from "./frustums.ts";

it("draws a camera from its centre to the corners of its picture, and around them", () => {
  const camera = testCamera(64, 48);
  const edges = edgesOf(camera, 0.4);
  expect(edges).toHaveLength(16);
  const center = cameraCenter(camera.worldToCamera);
  const corners = [0, 4, 8, 12].map((at) => {
    expect(edges[at]).toEqual(center);
    const { x, y, depth } = project(camera, edges[at + 1]!);
    expect(depth).toBeCloseTo(0.4, 6);
    return [x, y];
  });
  const expected = [0, 0, 64, 0, 64, 48, 0, 48];
  corners.flat().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
});

it("lets the latest stand out", () => {
  const lines = frustumLines({ cameras: [testCamera(64, 48), testCamera(32, 32)], latest: 1, depth: 1 });
  const colors = [...lines.geometry.getAttribute("color").array];
  expect(colors.slice(0, 3)).not.toEqual(colors.slice(48, 51));
});
