// Rotation of a raw quaternion and its derivative. Quaternions are (w, x, y, z) in the lanes x, y, z, w.
// Twin: src/raster/rotation.reference.ts.

/// Largest magnitude first, so that tiny and huge quaternions neither underflow nor overflow.
fn quaternion_length(raw: vec4f) -> f32 {
  let size = max(max(abs(raw.x), abs(raw.y)), max(abs(raw.z), abs(raw.w)));
  return size * length(raw / size);
}

fn rotation(unit: vec4f) -> mat3x3f {
  let w = unit.x;
  let x = unit.y;
  let y = unit.z;
  let z = unit.w;
  return mat3x3f(
    vec3f(1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + w * z), 2.0 * (x * z - w * y)),
    vec3f(2.0 * (x * y - w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z + w * x)),
    vec3f(2.0 * (x * z + w * y), 2.0 * (y * z - w * x), 1.0 - 2.0 * (x * x + y * y)),
  );
}

/// Cotangent of the raw quaternion: that of the unit one, without its part along it, over the length.
fn rotation_vjp(unit: vec4f, length: f32, v: mat3x3f) -> vec4f {
  let w = unit.x;
  let x = unit.y;
  let y = unit.z;
  let z = unit.w;
  // v[column][row]
  let v_unit = 2.0 * vec4f(
    x * (v[1][2] - v[2][1]) + y * (v[2][0] - v[0][2]) + z * (v[0][1] - v[1][0]),
    -2.0 * x * (v[1][1] + v[2][2]) + y * (v[1][0] + v[0][1]) + z * (v[2][0] + v[0][2]) + w * (v[1][2] - v[2][1]),
    x * (v[1][0] + v[0][1]) - 2.0 * y * (v[0][0] + v[2][2]) + z * (v[2][1] + v[1][2]) + w * (v[2][0] - v[0][2]),
    x * (v[2][0] + v[0][2]) + y * (v[2][1] + v[1][2]) - 2.0 * z * (v[0][0] + v[1][1]) + w * (v[0][1] - v[1][0]),
  );
  return (v_unit - dot(v_unit, unit) * unit) / length;
}
