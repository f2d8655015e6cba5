/** What every method must hold to, whatever its formula. */
import { describe, expect, it, test } from "vitest";
import { resolveParams, type AnyValues, type ParamSpec } from "../../core/params.ts";
import { createRng, type Rng } from "../../core/rng.ts";
import { linearCombination } from "../linear-combination.ts";
import { presets } from "../presets.ts";
import { descend } from "../testing/latent-descent.ts";
import { distill, evaluateSlots, gradientOf, situation } from "../testing/distill.ts";
import { expectClose, expectNonZero, expectZero, norm } from "../testing/expect-close.ts";
import { LATENT_SHAPE, randomLatent, type Latent64 } from "../testing/mock-denoiser.ts";
import { methods } from "./index.ts";
import { SLOTS, type Method, type Slot } from "./method.ts";

const TIMESTEPS = [0, 1, 21, 400, 981, 999];

/** Defaults, presets, every slider at its ends, and some settings in between. */
function variations(method: Method): AnyValues[] {
  const rng = createRng(`variations of ${method.id}`);
  const each = (value: (spec: ParamSpec[string]) => number | boolean | string): AnyValues =>
    Object.fromEntries(Object.entries(method.params).map(([key, spec]) => [key, value(spec)]));
  return [
    each((spec) => spec.default),
    each((spec) => (spec.kind === "slider" ? spec.min : spec.default)),
    each((spec) => (spec.kind === "slider" ? spec.max : spec.default)),
    ...presets.all.filter((preset) => preset.method === method.id).map(({ params }) => params),
    ...Array.from({ length: 4 }, () => each((spec) => randomValue(spec, rng))),
  ];
}

function randomValue(spec: ParamSpec[string], rng: Rng): number | boolean | string {
  if (spec.kind === "slider") return rng.range(spec.min, spec.max);
  if (spec.kind === "toggle") return rng.uniform() < 0.5;
  return spec.options[rng.int(spec.options.length)]!;
}

const cases = (method: Method) =>
  TIMESTEPS.flatMap((t) => variations(method).map((params) => ({ params, at: situation({ t }) })));

const constant = (value: number): Latent64 => ({
  shape: LATENT_SHAPE,
  data: new Float64Array(LATENT_SHAPE.reduce((product: number, size) => product * size, 1)).fill(value),
});
const plus = (a: Latent64, b: Latent64): Latent64 =>
  linearCombination([
    [1, a],
    [1, b],
  ]);

describe.each(methods.all.map((method) => [method.id, method] as const))("%s", (_id, method) => {
  it("declares parameters whose defaults are within their ranges", () => {
    const defaults = Object.fromEntries(
      Object.entries(method.params).map(([key, { default: value }]) => [key, value]),
    );
    expect(resolveParams(method.params, defaults)).toEqual(defaults);
  });

  it("gives a finite gradient of the latent's shape", () => {
    for (const { params, at } of cases(method)) {
      const { gradient } = distill(method, params, at);
      expect(gradient.shape).toEqual(LATENT_SHAPE);
      expect(gradient.data.every(Number.isFinite)).toBe(true);
    }
    expectNonZero(gradientOf(method, {}, situation()));
  });

  it("is deterministic and leaves its inputs alone", () => {
    const at = situation();
    const epsilon = evaluateSlots(method.uses({}, at.t, at.schedule), at);
    const inputs = [at.z, at.zSource, at.noise, ...Object.values(epsilon)];
    const before = inputs.map(({ data }) => data.slice());
    const first = method.gradient({ ...at, epsilon }, {});
    expect(method.gradient({ ...at, epsilon }, {})).toEqual(first);
    expect(inputs.map(({ data }) => data)).toEqual(before);
  });

  it("has terms that add up to its gradient", () => {
    for (const { params, at } of cases(method)) {
      const { gradient, terms } = distill(method, params, at);
      expect(new Set(terms.map(({ name }) => name)).size).toBe(terms.length);
      const sum = terms.map(({ value }) => value).reduce(plus, constant(0));
      expectClose(sum, gradient);
    }
  });

  it("U6: a constant field added to every prediction and the noise leaves the gradient unchanged", () => {
    for (const { params, at } of cases(method)) {
      const epsilon = evaluateSlots(method.uses(params, at.t, at.schedule), at);
      const shifted = Object.fromEntries(
        Object.entries(epsilon).map(([slot, value]) => [slot, plus(value, constant(0.7))]),
      );
      const { gradient } = method.gradient({ ...at, epsilon }, params);
      const moved = method.gradient(
        { ...at, epsilon: shifted, noise: plus(at.noise, constant(0.7)) },
        params,
      );
      // The largest coefficients are 200, and they cancel.
      expectClose(moved.gradient, gradient, 1e-11);
    }
  });

  it("U7: the order of the batch does not matter", () => {
    for (const { params, at } of cases(method)) {
      const slots = method.uses(params, at.t, at.schedule);
      const { gradient } = method.gradient({ ...at, epsilon: evaluateSlots(slots, at) }, params);
      const reversed = evaluateSlots([...slots].reverse(), at);
      expect(method.gradient({ ...at, epsilon: reversed }, params).gradient).toEqual(gradient);
    }
  });

  it("asks for the evaluations that change its gradient and no others", () => {
    for (const { params, at } of cases(method)) {
      const slots = method.uses(params, at.t, at.schedule);
      expect(new Set(slots).size).toBe(slots.length);
      const everything = evaluateSlots(SLOTS, at);
      const gradientWith = (epsilon: Partial<Record<Slot, Latent64>>) =>
        method.gradient({ ...at, epsilon }, params).gradient;
      const gradient = gradientWith(everything);
      for (const slot of SLOTS) {
        const change = randomLatent(createRng(slot));
        const changed = gradientWith({ ...everything, [slot]: plus(everything[slot]!, change) });
        const difference = plus(changed, linearCombination([[-1, gradient]]));
        if (slots.includes(slot)) expect(norm(difference)).toBeGreaterThan(0);
        else expectZero(difference, 0);
      }
    }
  });

  it("fails when an evaluation it asked for is missing", () => {
    const at = situation();
    const [, ...rest] = method.uses({}, at.t, at.schedule);
    expect(() => method.gradient({ ...at, epsilon: evaluateSlots(rest, at) }, {})).toThrow(
      /was not evaluated/,
    );
  });

  it("gives in float32 what it gives in float64", () => {
    const at = situation();
    const epsilon = evaluateSlots(method.uses({}, at.t, at.schedule), at);
    const single = ({ shape, data }: Latent64) => ({ shape, data: Float32Array.from(data) });
    const { gradient } = method.gradient(
      {
        z: single(at.z),
        zSource: single(at.zSource),
        noise: single(at.noise),
        t: at.t,
        schedule: at.schedule,
        epsilon: Object.fromEntries(Object.entries(epsilon).map(([slot, value]) => [slot, single(value)])),
      },
      {},
    );
    expect(gradient.data).toBeInstanceOf(Float32Array);
    const double = { shape: gradient.shape, data: Float64Array.from(gradient.data) };
    // Guidance 100 multiplies float32's 6e-8.
    expectClose(double, method.gradient({ ...at, epsilon }, {}).gradient, 3e-5);
  });

  it("U4: the loss ½·‖z − (z₀ − g)‖²/B has the gradient g/B at z₀", () => {
    const at = situation();
    const batch = 3;
    const gradient = gradientOf(method, {}, at);
    const target = descend(at.z, gradient, 1);
    const loss = (z: Latent64) => norm(descend(z, target, 1)) ** 2 / (2 * batch);
    const direction = randomLatent(createRng("direction"));
    const slope = (loss(descend(at.z, direction, -1e-4)) - loss(descend(at.z, direction, 1e-4))) / 2e-4;
    const expected = gradient.data.reduce((sum, g, i) => sum + g * direction.data[i]!, 0) / batch;
    expect(Math.abs(slope - expected)).toBeLessThan(1e-7 * Math.max(1, Math.abs(expected)));
  });
});

test("every preset names a method and gives parameters within its ranges", () => {
  for (const preset of presets.all) {
    const { params } = methods.get(preset.method);
    expect(resolveParams(params, preset.params)).toEqual(preset.params);
  }
});
