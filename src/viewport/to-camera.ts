import type { PerspectiveCamera } from "three";
import { Matrix4 } from "three";
import type { Camera } from "../camera/camera.ts";

/** three's cameras look down −z with y up; ours look down +z with y down: half a turn about x. */
const OPENCV_FROM_THREE = new Matrix4().makeScale(1, -1, -1);

/** A three camera's pose and field of view as a camera of ours, `width` × `height` pixels. */
export function toCamera(camera: PerspectiveCamera, width: number, height: number): Camera {
  camera.updateMatrixWorld();
  const worldToCamera = new Matrix4().multiplyMatrices(OPENCV_FROM_THREE, camera.matrixWorldInverse);
  const focal = height / (2 * Math.tan((camera.fov * Math.PI) / 360));
  return {
    width,
    height,
    fx: focal,
    fy: focal,
    cx: width / 2,
    cy: height / 2,
    near: camera.near,
    worldToCamera: worldToCamera.transpose().toArray(), // three's arrays are column-major
  };
}
