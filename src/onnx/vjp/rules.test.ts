import { describe, expect, it } from "vitest";
import { createRng } from "../../core/rng.ts";
import { checkVjp, failures } from "../../core/testing/check-vjp.ts";
import type { Fields } from "../../core/testing/check-vjp.ts";
import { differentiate } from "../differentiate.ts";
import { ruleName } from "../infer/index.ts";
import { caseFeeds, caseModel } from "../testing/case-model.ts";
import { load } from "../testing/run-model.ts";
import { VJP_CASES } from "../testing/vjp-cases/index.ts";
import { VJP_RULES } from "./index.ts";

describe("every operator's rule against central differences", () => {
  for (const [name, example] of Object.entries(VJP_CASES)) {
    it(name, async () => {
      const model = caseModel(example);
      const feeds = caseFeeds(example, createRng(name));
      const forward = await load(model);
      expect((await forward.run(feeds))["y"]!.dims).toEqual(model.graph.outputs[0]!.dims);
      for (const wrt of example.wrt ?? Object.keys(example.inputs)) {
        const gradient = await load(differentiate(model, { wrt }));
        const at = (x: Fields) => ({ ...feeds, [wrt]: { dims: feeds[wrt]!.dims, data: x["x"]! } });
        const dims = model.graph.outputs[0]!.dims as number[];
        const result = await checkVjp({
          forward: async (x) => ({ y: (await forward.run(at(x)))["y"]!.data }),
          vjp: async (x, v) => ({
            x: (await gradient.run({ ...at(x), v_y: { dims, data: v["y"]! } }))[`v_${wrt}`]!.data,
          }),
          x: { x: Float64Array.from(feeds[wrt]!.data) },
          rng: createRng(`${name} ${wrt}`),
          step: 4e-3,
          directions: 3,
          lanes: 6,
          relativeTolerance: 5e-4,
          absoluteTolerance: 5e-4,
        });
        expect(failures(result), wrt).toEqual([]);
        await gradient.release();
      }
      await forward.release();
    });
  }

  it("leaves no rule out", () => {
    const cases = Object.values(VJP_CASES).flatMap(({ nodes }) => nodes);
    const covered = new Set(cases.map(({ op, domain = "" }) => ruleName({ op, domain })));
    expect(Object.keys(VJP_RULES).filter((rule) => !covered.has(rule))).toEqual([]);
  });
});
