// What every pass of a frame knows: camera, image, options, capacities.

/// Side of a tile in pixels.
const TILE = 16u;

struct View {
  // Rows of the world-to-camera matrix.
  camera_x: vec4f,
  camera_y: vec4f,
  camera_z: vec4f,
  // Camera centre in the world.
  centre: vec3f,
  near: f32,
  // fx, fy and cx, cy in pixels.
  focal: vec2f,
  principal: vec2f,
  // Limits of x/z and y/z inside the Jacobian.
  slope_min: vec2f,
  slope_max: vec2f,
  background: vec3f,
  antialias: u32,
  image_size: vec2u,
  tiles: vec2u,
  // Splats in the scene.
  count: u32,
  // (splat, tile) pairs that there is room for.
  max_pairs: u32,
  // SH coefficients per channel: stored, and drawn.
  sh_stored: u32,
  sh_drawn: u32,
}
