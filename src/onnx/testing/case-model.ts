import type { Rng } from "../../core/rng.ts";
import { fixShapes } from "../passes/fix-shapes.ts";
import type { Model } from "../model.ts";
import { buildModel } from "./build.ts";
import type { Feed } from "./run-model.ts";
import type { VjpCase } from "./vjp-cases/case.ts";

/** The graph of a case; every case calls its output y. */
export function caseModel({ inputs, nodes, constants = {}, opset = 17 }: VjpCase): Model {
  return fixShapes(buildModel({ opset, inputs, nodes, constants, outputs: { y: "float32" } }));
}

/** Inputs for a case, drawn as it asks for. */
export function caseFeeds({ inputs, draw = "normal" }: VjpCase, rng: Rng): Record<string, Feed> {
  const sizes = Object.values(inputs).map((dims) => dims.reduce((product, size) => product * size, 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const values = drawValues(draw, total, rng);
  let next = 0;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, dims], i) => [
      name,
      { dims, data: values.slice(next, (next += sizes[i]!)) },
    ]),
  );
}

function drawValues(draw: VjpCase["draw"], count: number, rng: Rng): Float64Array {
  if (draw === "positive") return Float64Array.from({ length: count }, () => rng.range(0.5, 2));
  if (draw !== "distinct") return Float64Array.from({ length: count }, () => rng.normal());
  // Half way between multiples of 0.1, in random order, around zero.
  const values = Float64Array.from({ length: count }, (_, i) => (i - Math.floor(count / 2)) * 0.1 + 0.05);
  for (let i = count - 1; i > 0; i--) {
    const j = rng.int(i + 1);
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  return values;
}
