import { describe, expect, it, test } from "vitest";
import { createRng } from "../core/rng.ts";
import { UserError } from "../core/errors.ts";
import { linearCombination } from "./linear-combination.ts";
import {
  addNoise,
  alphaBar,
  createSchedule,
  kappa,
  predictX0,
  sigma,
  toEpsilon,
  WEIGHTINGS,
} from "./schedule.ts";
import { expectClose } from "./testing/expect-close.ts";
import { randomLatent } from "./testing/mock-denoiser.ts";

const schedule = createSchedule();
const rng = createRng("schedule test");
const [z, zSource, noise] = ["z", "source", "noise"].map((name) => randomLatent(rng.fork(name))) as [
  ReturnType<typeof randomLatent>,
  ReturnType<typeof randomLatent>,
  ReturnType<typeof randomLatent>,
];

/** Stable Diffusion 1.x: t, β_t, ᾱ_t, √ᾱ_t, σ_t, κ_t, as far as printed. */
const REFERENCE = [
  [0, 0.00085, 0.99915, 0.99957, 0.02915, 0.0292],
  [21, 0.000951, 0.980381, 0.99014, 0.14007, 0.1415],
  [50, 0.001101, 0.951577, 0.97549, 0.22005, 0.2256],
  [100, 0.001384, 0.894223, 0.94563, 0.32523, 0.3439],
  [200, 0.002047, 0.753692, 0.86815, 0.49629, 0.5717],
  [300, 0.00284, 0.590501, 0.76844, 0.63992, 0.8328],
  [500, 0.004815, 0.276333, 0.52567, 0.85069, 1.6183],
  [700, 0.007307, 0.082521, 0.28726, 0.95785, 3.3344],
  [900, 0.010318, 0.014151, 0.11896, 0.9929, 8.3466],
  [948, 0.011118, 0.008434, 0.09184, 0.99577, 10.8428],
  [981, 0.011685, 0.005776, 0.076, 0.99711, 13.1204],
  [999, 0.012, 0.00466, 0.06826, 0.99767, 14.6146],
] as const;

describe("U1: Stable Diffusion's ᾱ table", () => {
  test.each(REFERENCE)("t = %i", (t, beta, ab, root, sig, kap) => {
    expect(Math.abs(schedule.betas[t]! - beta)).toBeLessThan(0.51e-6);
    expect(Math.abs(alphaBar(schedule, t) - ab)).toBeLessThan(0.51e-6);
    expect(Math.abs(Math.sqrt(alphaBar(schedule, t)) - root)).toBeLessThan(0.51e-5);
    expect(Math.abs(sigma(schedule, t) - sig)).toBeLessThan(0.51e-5);
    expect(Math.abs(kappa(schedule, t) - kap)).toBeLessThan(0.51e-4);
  });

  test.each(["scaled_linear", "linear", "squaredcos_cap_v2"])("ᾱ decreases strictly: %s", (beta_schedule) => {
    const { alphaBars } = createSchedule({ beta_schedule });
    expect(alphaBars).toHaveLength(1000);
    expect(alphaBars.every((value, i) => value > 0 && value < (i ? alphaBars[i - 1]! : 1))).toBe(true);
  });
});

test.each([0, 21, 500, 999])("U2: z_t − ẑ_t = √ᾱ_t·(z − ẑ) under shared noise, t = %i", (t) => {
  const difference = (a: typeof z, b: typeof z) =>
    linearCombination([
      [1, a],
      [-1, b],
    ]);
  const noisy = difference(addNoise(schedule, z, noise, t), addNoise(schedule, zSource, noise, t));
  expectClose(noisy, linearCombination([[Math.sqrt(alphaBar(schedule, t)), difference(z, zSource)]]));
});

test.each([0, 21, 500, 999])("U3: the true noise predicts the clean latent, t = %i", (t) => {
  expectClose(predictX0(schedule, addNoise(schedule, z, noise, t), noise, t), z);
});

test("v-predictions become the noise they stand for", () => {
  const v = createSchedule({ prediction_type: "v_prediction" });
  const t = 300;
  const velocity = linearCombination([
    [Math.sqrt(alphaBar(v, t)), noise],
    [-sigma(v, t), z],
  ]);
  expectClose(toEpsilon(v, velocity, addNoise(v, z, noise, t), t), noise);
});

test("ε-predictions pass through", () => {
  expect(toEpsilon(schedule, noise, z, 300)).toBe(noise);
});

test("weightings are what they are called", () => {
  const t = 300;
  const ab = alphaBar(schedule, t);
  expect(WEIGHTINGS.uniform()).toBe(1);
  expect(WEIGHTINGS.variance(schedule, t)).toBe(1 - ab);
  expect(WEIGHTINGS.fantasia3d(schedule, t)).toBe(Math.sqrt(ab) * (1 - ab));
});

describe("scheduler configs", () => {
  it("take the betas of a linear schedule from its ends", () => {
    const { betas } = createSchedule({ beta_schedule: "linear", beta_start: 1e-4, beta_end: 0.02 });
    expect(betas[0]).toBeCloseTo(1e-4, 15);
    expect(betas[999]).toBeCloseTo(0.02, 15);
    expect(betas[1]! - betas[0]!).toBeCloseTo((0.02 - 1e-4) / 999, 15);
  });

  it("follow the cosine ᾱ where β is not capped", () => {
    const { alphaBars } = createSchedule({ beta_schedule: "squaredcos_cap_v2" });
    const cosine = (x: number) => Math.cos(((x + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
    for (const t of [0, 100, 500, 900]) {
      expect(alphaBars[t]).toBeCloseTo(cosine((t + 1) / 1000) / cosine(0), 12);
    }
  });

  it("prefer trained betas", () => {
    expect(createSchedule({ trained_betas: [0.1, 0.5] }).alphaBars).toEqual(Float64Array.from([0.9, 0.45]));
  });

  it("rescale to a last timestep of noise alone, keeping the first", () => {
    const plain = createSchedule();
    const zero = createSchedule({ rescale_betas_zero_snr: true });
    expect(zero.alphaBars[0]).toBeCloseTo(plain.alphaBars[0]!, 12);
    expect(zero.alphaBars[999]).toBeCloseTo(2 ** -24, 12);
    expect(zero.alphaBars.every((value, i) => i === 0 || value < zero.alphaBars[i - 1]!)).toBe(true);
  });

  test.each([
    { beta_schedule: "sigmoid" },
    { beta_schedule: "constructor" },
    { prediction_type: "sample" },
    { num_train_timesteps: 0 },
    { num_train_timesteps: NaN },
    { beta_end: 1.5 },
    { trained_betas: [0.1, NaN] },
  ])("are refused when they make no sense: %j", (config) => {
    expect(() => createSchedule(config)).toThrow(UserError);
  });
});

test("a timestep outside the schedule is our mistake, below 0 it is the first", () => {
  expect(() => alphaBar(schedule, 1000)).toThrow(/t: got 1000/);
  expect(() => alphaBar(schedule, 1.5)).toThrow(/t: got 1.5/);
  expect(alphaBar(schedule, -1)).toBe(alphaBar(schedule, 0));
});
