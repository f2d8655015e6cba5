import { expect } from "vitest";
import { settingsOf } from "../cli/edit-options.ts";
import { loadPipeline } from "../diffusion/pipeline.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import { tinyFolder } from "../diffusion/testing/tiny-diffusion.ts";
import { gpuTest } from "../gpu/testing.ts";
import { PassTimer } from "../gpu/timing.ts";
import { syntheticScene } from "./scenes.ts";
import { measureSuite, ROW_NAMES } from "./suite.ts";
import type { SuiteOptions } from "./suite.ts";
import { STEP_PARTS } from "./whole-step.ts";

useNodeRuntime();

const REPEAT = 2;
/** Compiling every shader takes a busy software adapter a while. */
const TIMEOUT = 300_000;

gpuTest(
  "measures every row, with a tiny model on a tiny scene",
  async ({ gpu }) => {
    const pipeline = await loadPipeline(tinyFolder(), { gpu, provider: "wasm" });
    const prompts = { source: "red", target: "red" };
    const settings = settingsOf({ ...prompts, provider: "auto", views: 2, resolution: 64 }, pipeline.info);
    const told: string[] = [];
    const options: SuiteOptions = {
      ...{ gpu, pipeline, settings, repeat: REPEAT },
      scenes: [syntheticScene("tiny", 100)],
      onRow: (row) => told.push(row),
    };

    const { rows, scenes, passes } = await measureSuite(options);
    expect(rows.map(({ row }) => row)).toEqual(ROW_NAMES);
    expect(told).toEqual(ROW_NAMES);
    for (const { samples, first } of rows) {
      expect(samples).toHaveLength(REPEAT);
      for (const time of [first, ...samples]) expect(time).toBeGreaterThan(0);
    }
    for (const { parts, samples } of rows.filter(({ row }) => row.startsWith("step"))) {
      parts!.forEach((times, call) => {
        expect(Object.keys(times)).toEqual(STEP_PARTS);
        const sum = STEP_PARTS.reduce((total, part) => total + times[part]!, 0);
        expect(sum).toBeGreaterThan(0);
        expect(sum).toBeLessThanOrEqual(samples[call]!);
      });
    }
    const [{ visible, pairs, ...facts }, ...others] = scenes as [(typeof scenes)[number]];
    expect(others).toEqual([]);
    expect(facts).toEqual({ name: "tiny", splats: 100, shDegree: 3 });
    expect(visible).toBeGreaterThan(50);
    expect(pairs).toBeGreaterThanOrEqual(visible);
    if (PassTimer.supported(gpu)) {
      const projects = passes.filter(({ pass }) => pass.startsWith("raster/project"));
      expect(projects.map(({ row, pass }) => `${row}: ${pass}`)).toEqual([
        "raster forward: raster/project",
        "raster backward: raster/project-vjp",
      ]);
      for (const { samples } of passes) expect(samples).toHaveLength(REPEAT);
    } else expect(passes).toEqual([]);

    let asked = 0;
    const stopped = await measureSuite({ ...options, repeat: 50, goOn: () => asked++ < 4 });
    expect(stopped.rows.map(({ row }) => row)).toEqual(["text encoder"]);
    expect(stopped.rows[0]!.samples.length).toBeLessThan(4);
    await pipeline.dispose();
  },
  TIMEOUT,
);
