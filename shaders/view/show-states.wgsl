// Shows states on projected splats: hidden and deleted ones are not drawn, selected and proposed ones are tinted.
// Thread ↔ splat.

#import raster/splat
#import shared/dispatch
#import view/state

struct Tints {
  // Colour, and how much of it.
  selected: vec4f,
  proposed: vec4f,
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<uniform> tints: Tints;
@group(0) @binding(2) var<storage, read> states: array<u32>;            // [N / 4]
@group(0) @binding(3) var<storage, read_write> splats: array<Splat>;    // [N]
@group(0) @binding(4) var<storage, read_write> tile_counts: array<u32>; // [N]
@group(0) @binding(5) var<storage, read_write> is_visible: array<u32>;  // [N]

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
  let state = state_in(states[i / 4u], i);
  if ((state & (HIDDEN | DELETED)) != 0u) {
    tile_counts[i] = 0u;
    is_visible[i] = 0u;
    return;
  }
  var tint = vec4f(0.0);
  if ((state & SELECTED) != 0u) {
    tint = tints.selected;
  }
  if ((state & PROPOSED) != 0u) {
    tint = tints.proposed;
  }
  splats[i].color = mix(splats[i].color, tint.rgb, tint.a);
}
