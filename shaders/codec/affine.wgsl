// y = scale·x + offset, between float32 and half floats packed two to a word: an image's [0, 1] to a network's
// [-1, 1] in the network's element type, and back. One thread per two elements.

#import shared/dispatch

/// 1 where the side holds half floats. Packing needs no f16 feature of the device.
override from_half = 0u;
override to_half = 0u;

struct Params {
  count: u32, // elements
  first: u32, // of x, in elements; even
  scale: f32,
  offset: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn load_pair(element: u32) -> vec2f {
  if from_half != 0u { return unpack2x16float(x[element / 2u]); }
  let second = min(element + 1u, arrayLength(&x) - 1u);
  return bitcast<vec2f>(vec2u(x[element], x[second]));
}

@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let i = 2u * (group_number(group, groups) * 64u + thread);
  if i >= params.count { return; }
  let value = params.scale * load_pair(params.first + i) + params.offset;
  if to_half != 0u {
    y[i / 2u] = pack2x16float(value);
    return;
  }
  y[i] = bitcast<u32>(value.x);
  if i + 1u < params.count { y[i + 1u] = bitcast<u32>(value.y); }
}
