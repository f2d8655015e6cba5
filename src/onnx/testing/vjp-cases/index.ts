import { arithmeticCases } from "./arithmetic.ts";
import type { VjpCases } from "./case.ts";
import { layoutCases } from "./layout.ts";
import { networkCases } from "./networks.ts";
import { pointwiseCases } from "./pointwise.ts";
import { resolutionCases } from "./resolution.ts";

/** At least one case for every rule of `src/onnx/vjp`. */
export const VJP_CASES: VjpCases = {
  ...arithmeticCases,
  ...layoutCases,
  ...networkCases,
  ...pointwiseCases,
  ...resolutionCases,
};
