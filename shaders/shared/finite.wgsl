// Tests of the bits: a compiler may assume that no float is NaN or infinite and drop comparisons that would tell.

fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

fn all_finite(x: vec4f) -> bool {
  return all((bitcast<vec4u>(x) & vec4u(0x7f800000u)) != vec4u(0x7f800000u));
}
