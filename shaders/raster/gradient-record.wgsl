// Ten sums over pixels that a splat's gradient is made of. They add over tiles.
//
// q = ∂/∂σ, w is the weight, and y the pixel's offset from the mean in folded standard deviations (raster/splat).
// Moments of y instead of pixels are of order one for every splat: from them, with L the folded factor,
//   v_mean = Lᵀ Σ q y / FOLD²   and   ∂/∂Σ' = −½ Lᵀ (Σ q y yᵀ) L / FOLD⁴,
// where the textbook −Q (∂/∂Q) Q multiplies huge and tiny numbers for every needle.

const SUM_Q = 0u;      // Σ q
const SUM_Q1 = 1u;     // Σ q y₁
const SUM_Q2 = 2u;     // Σ q y₂
const SUM_Q11 = 3u;    // Σ q y₁²
const SUM_Q12 = 4u;    // Σ q y₁ y₂
const SUM_Q22 = 5u;    // Σ q y₂²
const SUM_RED = 6u;    // Σ w v_red
const SUM_GREEN = 7u;
const SUM_BLUE = 8u;
const SUM_DEPTH = 9u;  // Σ w v_depth
const RECORD = 10u;
