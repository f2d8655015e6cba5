// Lists the visible splats in the order of the scene, with their depths as sort keys: the bits of a positive float
// order like the float. Thread ↔ splat.

#import raster/splat
#import shared/dispatch

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> splats: array<Splat>;              // [N]
@group(0) @binding(2) var<storage, read> is_visible: array<u32>;            // [N], 0 or 1
@group(0) @binding(3) var<storage, read> visible_offsets: array<u32>;       // [N], visible splats before this one
@group(0) @binding(4) var<storage, read_write> depth_keys: array<u32>;      // [visible]
@group(0) @binding(5) var<storage, read_write> visible_splats: array<u32>;  // [visible]

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = group_number(group, groups) * 256u + lane;
  if (i >= view.count || is_visible[i] == 0u) {
    return;
  }
  let slot = visible_offsets[i];
  depth_keys[slot] = bitcast<u32>(splats[i].depth);
  visible_splats[slot] = i;
}
