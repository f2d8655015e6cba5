// Projects every splat, decides exactly whether it can reach 1/255 at any pixel, and counts the tiles it touches.
// Thread ↔ splat. Twin: src/raster/project.reference.ts.
//
// Guards are phrased so that NaN fails them, and finiteness is read off the bits.

#import raster/footprint
#import raster/spans
#import shared/dispatch
#import shared/finite
#import shared/sh

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> means: array<f32>;            // [N, 3]
@group(0) @binding(2) var<storage, read> quaternions: array<vec4f>;    // [N] (w, x, y, z)
@group(0) @binding(3) var<storage, read> log_scales: array<f32>;       // [N, 3]
@group(0) @binding(4) var<storage, read> opacity_logits: array<f32>;   // [N]
@group(0) @binding(5) var<storage, read> sh: array<f32>;               // [N, K, 3]
@group(0) @binding(6) var<storage, read_write> splats: array<Splat>;       // [N], written where visible
@group(0) @binding(7) var<storage, read_write> tile_counts: array<u32>;    // [N], 0 where culled
@group(0) @binding(8) var<storage, read_write> is_visible: array<u32>;     // [N], 0 or 1

@compute @workgroup_size(256)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = group_number(group, groups) * 256u + lane;
  if (i >= view.count) {
    return;
  }
  let tiles = project_one(i);
  tile_counts[i] = tiles;
  is_visible[i] = select(0u, 1u, tiles > 0u);
}

/// Writes the projected splat and returns the number of tiles it touches; 0 if nothing of it is drawn.
fn project_one(i: u32) -> u32 {
  let mean = vec3f(means[3u * i], means[3u * i + 1u], means[3u * i + 2u]);
  let log_scale = vec3f(log_scales[3u * i], log_scales[3u * i + 1u], log_scales[3u * i + 2u]);
  let f = project_splat(view, mean, quaternions[i], log_scale, opacity_logits[i]);
  if (!(f.camera.z >= view.near && f.log2_opacity >= EXPONENT_MIN && f.det > 0.0)) {
    return 0u;
  }

  var splat: Splat;
  splat.mean = f.mean;
  splat.depth = f.camera.z;
  splat.log2_opacity = f.log2_opacity;
  splat.factor = folded_cholesky(f);
  if (!(all_finite(vec4f(splat.mean, splat.depth, splat.log2_opacity)) && all_finite(vec4f(splat.factor, 0.0)))) {
    return 0u;
  }

  let ellipse = cut_off_ellipse(splat);
  let rows = touched_tile_rows(view, splat, ellipse);
  var count = 0u;
  for (var row = rows.x; row < rows.y; row++) {
    let columns = touched_tiles(view, splat, ellipse, row);
    count += columns.y - columns.x;
  }
  if (count == 0u) {
    return 0u;
  }

  let color = color_towards(i, mean);
  if (!all_finite(vec4f(color, 0.0))) {
    return 0u;
  }
  splat.color = max(vec3f(0.0), color);
  splats[i] = splat;
  return count;
}

/// Colour before the clamp.
fn color_towards(i: u32, mean: vec3f) -> vec3f {
  let basis = sh_basis(normalize(mean - view.centre));
  var color = vec3f(0.5);
  let first = 3u * view.sh_stored * i;
  for (var k = 0u; k < view.sh_drawn; k++) {
    let at = first + 3u * k;
    color += basis[k] * vec3f(sh[at], sh[at + 1u], sh[at + 2u]);
  }
  return color;
}
