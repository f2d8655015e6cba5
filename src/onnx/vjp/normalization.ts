import { axisOf, getFloat, getInt } from "../attributes.ts";
import type { Ops } from "../ops.ts";
import type { VjpRule, VjpTable } from "./rule.ts";
import { inFloat32, unbroadcast } from "./rule.ts";

interface Centred {
  /** x − μ */
  readonly deviation: string;
  /** 1/√(var + ε) */
  readonly inverseDeviation: string;
}

function centre(b: Ops, x: string, axes: readonly number[], epsilon: number): Centred {
  const count = axes.reduce((product, axis) => product * b.dims(x)[axis]!, 1);
  const deviation = b.sub(x, b.reduceMean(x, axes));
  const variance = b.scale(b.reduceSumSquare(deviation, axes), 1 / count);
  return { deviation, inverseDeviation: b.reciprocal(b.sqrt(b.shift(variance, epsilon))) };
}

/**
 * x̂ = (x − μ) r with r = 1/√(var + ε): the cotangent is r (g − mean g − x̂ mean(g x̂)), g that of x̂.
 * Ioffe and Szegedy, "Batch Normalization", section 3. Written as r (g − mean g) − d · r³ mean(g d), d = x − μ, so
 * that all that is not one number per group are two products, two differences and two means.
 */
function throughNormalization(
  b: Ops,
  x: string,
  g: string,
  axes: readonly number[],
  epsilon: number,
): string {
  return inFloat32(b, [x, g], (x32, g32) => {
    const { deviation, inverseDeviation: r } = centre(b, x32!, axes, epsilon);
    const covariance = b.reduceMean(b.mul(g32!, deviation), axes);
    const slope = b.mul(covariance, b.mul(r, b.mul(r, r)));
    return b.sub(b.mul(r, b.sub(g32!, b.reduceMean(g32!, axes))), b.mul(deviation, slope));
  });
}

/** x̂ itself, for the cotangent of a scale. */
function normalized(b: Ops, x: string, axes: readonly number[], epsilon: number): string {
  const { deviation, inverseDeviation } = centre(b, x, axes, epsilon);
  return b.mul(deviation, inverseDeviation);
}

/** y = γ x̂ + β over the spatial axes of [N, C, …], γ and β per channel. */
const instance: VjpRule = ({ b, v, node, inputs }) => {
  const [x, gamma, beta] = inputs as [string, string, string];
  const dims = b.dims(x);
  const axes = dims.slice(2).map((_, i) => i + 2);
  const epsilon = getFloat(node, "epsilon") ?? 1e-5;
  const perChannel = [1, dims[1]!, ...axes.map(() => 1)];
  const isOne = b.values(gamma)?.every((value) => value === 1) ?? false;
  const sum = (u: string, like: string): string => b.reshape(unbroadcast(b, u, perChannel), b.dims(like));
  return [
    () => throughNormalization(b, x, isOne ? v : b.mul(v, b.reshape(gamma, perChannel)), axes, epsilon),
    () => sum(b.mul(v, normalized(b, x, axes, epsilon)), gamma),
    () => sum(v, beta),
  ];
};

/** y = γ x̂ + β over the axes from `axis` on, γ and β of their shape. */
const layer: VjpRule = ({ b, v, node, inputs }) => {
  const [x, gamma, beta] = inputs as [string, string, string | undefined];
  const rank = b.dims(x).length;
  const first = axisOf(getInt(node, "axis") ?? -1, rank);
  const axes = Array.from({ length: rank - first }, (_, i) => first + i);
  const epsilon = getFloat(node, "epsilon") ?? 1e-5;
  return [
    () => throughNormalization(b, x, b.mul(v, gamma), axes, epsilon),
    () => unbroadcast(b, b.mul(v, normalized(b, x, axes, epsilon)), b.dims(gamma)),
    beta ? () => unbroadcast(b, v, b.dims(beta)) : undefined,
  ];
};

/** At inference y = γ (x − μ)/√(var + ε) + β with stored statistics: a scale per channel. */
const batch: VjpRule = ({ b, v, node, inputs }) => {
  const [x, gamma, , , variance] = inputs as [string, string, string, string, string];
  const deviation = b.sqrt(b.shift(variance, getFloat(node, "epsilon") ?? 1e-5));
  const perChannel = b.dims(x).map((size, axis) => (axis === 1 ? size : 1));
  return [() => b.mul(v, b.reshape(b.div(gamma, deviation), perChannel))];
};

export const normalizations: VjpTable = {
  InstanceNormalization: instance,
  LayerNormalization: layer,
  BatchNormalization: batch,
};
