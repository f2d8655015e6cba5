// Grids of workgroups beyond the limit of one dimension. Twin: src/gpu/dispatch.ts.

/// What every WebGPU device takes.
const MAX_GROUPS_PER_DIMENSION = 65535u;

/// Number of this workgroup in a grid that may have two dimensions. The last row may go beyond the work there is.
fn group_number(group: vec3u, groups: vec3u) -> u32 {
  return group.x + group.y * groups.x;
}

/// Arguments of an indirect dispatch of at least ⌈count / per_group⌉ workgroups.
fn groups_over(count: u32, per_group: u32) -> vec3u {
  let groups = count / per_group + select(0u, 1u, count % per_group != 0u);
  let rows = max(1u, (groups + MAX_GROUPS_PER_DIMENSION - 1u) / MAX_GROUPS_PER_DIMENSION);
  return vec3u((groups + rows - 1u) / rows, rows, 1u);
}
