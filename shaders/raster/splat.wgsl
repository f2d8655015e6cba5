// A projected splat as the compositing passes read it, and the one expression for its alpha.
//
// With Q the inverse screen covariance and L its Cholesky factor scaled by √(½ log₂ e),
//   log₂ α = log₂ o' − (L₁₁ dx + L₁₂ dy)² − (L₂₂ dy)².
// A sum of squares: no cancellation for needles, no clamp at σ = 0, and the 1/255 test needs no exponential.

#import raster/view

struct Splat {
  mean: vec2f,          // px
  depth: f32,
  log2_opacity: f32,
  factor: vec3f,        // L₁₁, L₁₂, L₂₂
  color: vec3f,
}

/// log₂(1/255): fainter contributions are not drawn.
const EXPONENT_MIN = -7.994353436858858;
/// log₂(0.99): brighter ones are clamped, and have no geometric gradient.
const EXPONENT_MAX = -0.014499569695115089;
const ALPHA_MAX = 0.99;
/// A splat that would leave less transmittance ends its pixel and is not drawn.
const TRANSMITTANCE_MIN = 1e-4;

/// Offset from the mean, measured in standard deviations of the splat: σ = ½ |y|², folded like the factor.
struct Whitened {
  first: vec4f,
  second: vec4f,
}

/// At four pixels; d = mean − pixel.
fn whiten(splat: Splat, dx: vec4f, dy: vec4f) -> Whitened {
  return Whitened(fma(vec4f(splat.factor.y), dy, splat.factor.x * dx), splat.factor.z * dy);
}

/// log₂ of the alpha before the clamp. With `fma` spelled out there is nothing left that a compiler may fuse in one
/// shader and not in another: forward and backward agree on who is drawn.
fn alpha_exponent(splat: Splat, y: Whitened) -> vec4f {
  return fma(-y.second, y.second, fma(-y.first, y.first, vec4f(splat.log2_opacity)));
}
