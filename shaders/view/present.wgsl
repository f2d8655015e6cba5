// Shows a rendered image on the canvas, enlarged with bilinear filtering where it has fewer pixels.
// Left of a vertical line it may show another image of the same size, to compare the two.
// One triangle covers the canvas. Values are display-referred already: splat colours are what a screen shows.

struct Present {
  image_size: vec2u,
  canvas_size: vec2u,
  // The other image is shown left of it, as a share of the width.
  divide: f32,
}

@group(0) @binding(0) var<uniform> present: Present;
@group(0) @binding(1) var<storage, read> image: array<f32>; // [3, height, width]
@group(0) @binding(2) var<storage, read> other: array<f32>; // [3, height, width]

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  let corner = vec2f(vec2u((index << 1u) & 2u, index & 2u));
  return vec4f(2.0 * corner - 1.0, 0.0, 1.0);
}

fn pixel(position: vec2i, of_other: bool) -> vec3f {
  let size = vec2i(present.image_size);
  let p = clamp(position, vec2i(0), size - 1);
  let plane = u32(size.x * size.y);
  let i = u32(p.y * size.x + p.x);
  if of_other {
    return vec3f(other[i], other[i + plane], other[i + 2u * plane]);
  }
  return vec3f(image[i], image[i + plane], image[i + 2u * plane]);
}

@fragment
fn fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let scale = vec2f(present.image_size) / vec2f(present.canvas_size);
  let p = position.xy * scale - 0.5;
  let corner = vec2i(floor(p));
  let f = p - floor(p);
  let of_other = position.x < present.divide * f32(present.canvas_size.x);
  let top = mix(pixel(corner, of_other), pixel(corner + vec2i(1, 0), of_other), f.x);
  let bottom = mix(pixel(corner + vec2i(0, 1), of_other), pixel(corner + vec2i(1, 1), of_other), f.x);
  return vec4f(mix(top, bottom, f.y), 1.0);
}
