/**
 * A stage that gradients can be pushed through. `forward` keeps what `vjp` needs in `saved`; `vjp` returns the
 * vector-Jacobian product, that is, the cotangent of `In` for a given cotangent of `Out`.
 * The rasterizer is one, so is every image encoder, and one checker tests them all.
 */
export interface Differentiable<In, Out, Saved, VOut = Out, VIn = In> {
  forward(input: In): Promise<{ out: Out; saved: Saved }>;
  vjp(saved: Saved, vOut: VOut): Promise<VIn>;
}
