/**
 * The coefficient engine: almost every score-distillation rule is
 *
 *     g = w(t)·[ Σ coefficient·ε̂(slot) + c_ε·ε ] + c_Δ·(z − ẑ)
 *
 * with coefficients that depend on nothing but t and the parameters. Such a rule is a row: named terms, each with its
 * coefficients. From the row follow the gradient, its terms, and the fewest UNet evaluations that give it.
 */
import { assert } from "../../core/assert.ts";
import { resolveParams, type AnyValues, type ParamSpec, type ParamValues } from "../../core/params.ts";
import type { FloatArray, Tensor } from "../../core/tensor.ts";
import { linearCombination, type Summand } from "../linear-combination.ts";
import type { Schedule } from "../schedule.ts";
import { SLOTS, type Method, type MethodGradient, type MethodInput, type Slot } from "./method.ts";

/** Everything a gradient is a linear combination of: the slots, the step's noise ε, and Δ = z − ẑ. */
export const INGREDIENTS = [...SLOTS, "noise", "difference"] as const;
export type Ingredient = (typeof INGREDIENTS)[number];
/** A missing coefficient is 0. */
export type Coefficients = Readonly<Partial<Record<Ingredient, number>>>;
/** Terms by name; their sum is the rule. */
export type Terms = Readonly<Record<string, Coefficients>>;

export interface CoefficientRow<S extends ParamSpec> {
  readonly id: string;
  readonly label: string;
  readonly cite: string;
  readonly params: S;
  /** w(t), on the slots and the noise; 1 when missing. */
  weight?(params: ParamValues<S>, t: number, schedule: Schedule): number;
  terms(params: ParamValues<S>, t: number, schedule: Schedule): Terms;
}

/** A method given by a row. */
export interface CoefficientMethod extends Method {
  /** The terms with w(t) multiplied in, before cancelled evaluations merge any of them. */
  coefficients(params: AnyValues, t: number, schedule: Schedule): Terms;
}

export function defineMethod<S extends ParamSpec>(row: CoefficientRow<S>): CoefficientMethod {
  const coefficients = (values: AnyValues, t: number, schedule: Schedule): Terms => {
    const params = resolveParams(row.params, values);
    return weighted(row.terms(params, t, schedule), row.weight?.(params, t, schedule) ?? 1);
  };
  return {
    id: row.id,
    label: row.label,
    cite: row.cite,
    params: row.params,
    coefficients,
    uses: (values, t, schedule) => slotsOf(sumTerms(coefficients(values, t, schedule))),
    gradient: (input, values) => combine(coefficients(values, input.t, input.schedule), input),
  };
}

/** Multiplies coefficients by a number. */
export function scaled(coefficients: Coefficients, factor: number): Coefficients {
  return fromIngredients((ingredient) => factor * (coefficients[ingredient] ?? 0));
}

/** Adds coefficients. Sums that differ from 0 by rounding alone are 0, so that no UNet evaluation is spent on them. */
export function added(...summands: readonly Coefficients[]): Coefficients {
  return fromIngredients((ingredient) => {
    const values = summands.map((summand) => summand[ingredient] ?? 0);
    const sum = values.reduce((a, b) => a + b, 0);
    const magnitude = values.reduce((a, b) => a + Math.abs(b), 0);
    return Math.abs(sum) > ROUNDING * magnitude ? sum : 0;
  });
}
const ROUNDING = 1e-12;

/** The rule's coefficients: the table row of the literature. */
export const sumTerms = (terms: Terms): Coefficients => added(...Object.values(terms));

function fromIngredients(value: (ingredient: Ingredient) => number): Coefficients {
  const entries = INGREDIENTS.map((ingredient) => [ingredient, value(ingredient)] as const);
  return Object.fromEntries(entries.filter(([, coefficient]) => coefficient !== 0));
}

const slotsOf = (coefficients: Coefficients): readonly Slot[] => SLOTS.filter((slot) => coefficients[slot]);

function weighted(terms: Terms, weight: number): Terms {
  const entries = Object.entries(terms).map(([name, { difference = 0, ...predictions }]) => {
    return [name, { ...scaled(predictions, weight), ...(difference && { difference }) }] as const;
  });
  return Object.fromEntries(entries);
}

function combine<A extends FloatArray>(terms: Terms, input: MethodInput<A>): MethodGradient<A> {
  const evaluate = (coefficients: Coefficients): Tensor<A> =>
    linearCombination(summands(coefficients, input));
  return {
    gradient: evaluate(sumTerms(terms)),
    terms: Object.entries(mergeCancelled(terms)).map(([name, part]) => ({ name, value: evaluate(part) })),
  };
}

/**
 * Terms that can be told apart with the evaluations at hand. Where a slot cancels in the sum it is not evaluated, so
 * the terms that share it become one; terms without any weight are dropped.
 */
function mergeCancelled(terms: Terms): Terms {
  const sum = sumTerms(terms);
  let groups = Object.entries(terms).map(([name, part]) => ({ name, part: added(part) }));
  for (const slot of SLOTS) {
    if (sum[slot]) continue;
    const sharing = groups.filter(({ part }) => part[slot]);
    if (sharing.length === 0) continue;
    const merged = {
      name: sharing.map(({ name }) => name).join(" + "),
      part: added(...sharing.map(({ part }) => part)),
    };
    groups = groups.flatMap((group) =>
      group === sharing[0] ? [merged] : sharing.includes(group) ? [] : [group],
    );
  }
  const alive = groups.filter(({ part }) => Object.keys(part).length > 0);
  return Object.fromEntries(alive.map(({ name, part }) => [name, part]));
}

function summands<A extends FloatArray>(coefficients: Coefficients, input: MethodInput<A>): Summand<A>[] {
  const { z, zSource, noise, epsilon } = input;
  const { difference = 0, noise: onNoise = 0 } = coefficients;
  const onSlots = slotsOf(coefficients).map((slot): Summand<A> => {
    const prediction = epsilon[slot];
    assert(prediction, `epsilon: slot ${slot} has weight ${coefficients[slot]} but was not evaluated`);
    return [coefficients[slot]!, prediction];
  });
  return [...onSlots, [onNoise, noise], [difference, z], [-difference, zSource]];
}
