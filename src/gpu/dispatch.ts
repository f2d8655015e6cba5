/** Grids of workgroups. Its twin for counts that lie in a buffer is shaders/shared/dispatch.wgsl. */
import { loadShader } from "./wgsl.ts";
import { reflect } from "./wgsl-reflect.ts";

const MAX_GROUPS = reflect(loadShader("shared/dispatch").code).constants["MAX_GROUPS_PER_DIMENSION"]!;

/** A grid of at least ⌈count / perGroup⌉ workgroups, two-dimensional where one dimension is too short. */
export function groupsOver(count: number, perGroup: number): [x: number, y: number] {
  const groups = Math.ceil(count / perGroup);
  const rows = Math.max(1, Math.ceil(groups / MAX_GROUPS));
  return [Math.ceil(groups / rows), rows];
}
