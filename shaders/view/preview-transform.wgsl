// Moves, turns and scales some splats while a gizmo is dragged. Colours stay as they are until it is let go.
// Thread ↔ splat. Twin: transformSplats in src/scene/transform.ts.

#import shared/dispatch
#import view/state

struct Preview {
  // Rows of the similarity: scale · rotation, and where the origin goes.
  row_x: vec4f,
  row_y: vec4f,
  row_z: vec4f,
  quaternion: vec4f,    // unit
  log_scale: f32,
  selected_only: u32,
  // Splats from `first` to before `end`.
  first: u32,
  end: u32,
  count: u32,
}

@group(0) @binding(0) var<uniform> preview: Preview;
@group(0) @binding(1) var<storage, read> states: array<u32>;               // [N / 4]
@group(0) @binding(2) var<storage, read> means: array<f32>;                // [N, 3]
@group(0) @binding(3) var<storage, read> quaternions: array<vec4f>;        // [N] (w, x, y, z)
@group(0) @binding(4) var<storage, read> log_scales: array<f32>;           // [N, 3]
@group(0) @binding(5) var<storage, read_write> to_means: array<f32>;
@group(0) @binding(6) var<storage, read_write> to_quaternions: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> to_log_scales: array<f32>;

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = group_number(group, groups) * 256u + lane;
  if (i >= preview.count) {
    return;
  }
  var mean = vec3f(means[3u * i], means[3u * i + 1u], means[3u * i + 2u]);
  var q = quaternions[i];
  var grown = 0.0;
  let is_selected = (state_in(states[i / 4u], i) & SELECTED) != 0u;
  if (i >= preview.first && i < preview.end && (is_selected || preview.selected_only == 0u)) {
    let place = vec4f(mean, 1.0);
    mean = vec3f(dot(preview.row_x, place), dot(preview.row_y, place), dot(preview.row_z, place));
    // Product of quaternions whose real part comes first.
    let p = preview.quaternion;
    q = vec4f(p.x * q.x - dot(p.yzw, q.yzw), p.x * q.yzw + q.x * p.yzw + cross(p.yzw, q.yzw));
    grown = preview.log_scale;
  }
  to_quaternions[i] = q;
  for (var axis = 0u; axis < 3u; axis++) {
    to_means[3u * i + axis] = mean[axis];
    to_log_scales[3u * i + axis] = log_scales[3u * i + axis] + grown;
  }
}
