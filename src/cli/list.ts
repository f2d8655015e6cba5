/** The text of `--list`: everything there is to choose from, derived from the registries. */
import { viewSamplers } from "../camera/samplers/index.ts";
import type { ParamSpec } from "../core/params.ts";
import { bridges } from "../diffusion/codecs/index.ts";
import { methods } from "../diffusion/methods/index.ts";
import { presets } from "../diffusion/presets.ts";
import { RUN_PARAMS } from "../edit/run-params.ts";
import { describeParam } from "./values.ts";

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly cite?: string;
  readonly params?: ParamSpec;
}

export function listEverything(): string {
  return [
    section("Methods (--method, --param)", methods.all),
    section("Bridges (--bridge, --bridge-param)", bridges.all),
    entryLines({ id: "Run (--run-param)", label: "", params: RUN_PARAMS }),
    section("Views (--view-param)", viewSamplers.all),
    presetList(),
  ].join("\n\n");
}

const section = (title: string, entries: readonly Entry[]): string =>
  [title, ...entries.map(entryLines)].join("\n\n");

function entryLines({ id, label, cite, params = {} }: Entry): string {
  const lines = Object.entries(params).map(
    ([name, param]) => `    ${name.padEnd(12)} ${describeParam(param)}\n${" ".repeat(17)}${param.help}`,
  );
  return [`  ${id}  ${label}`, ...(cite ? [`    ${cite}`] : []), ...lines].join("\n");
}

function presetList(): string {
  const lines = presets.all.map(({ id, label, families, method, params, steps, bridge, timesteps, cite }) => {
    const values = Object.entries(params).map(([name, value]) => `${name}=${String(value)}`);
    const run = `${steps} steps, t ${timesteps.min} … ${timesteps.max} ${timesteps.sampler}, ${bridge} bridge`;
    return `  ${id}  ${label} (for ${families.join(", ")} models)\n    ${method} ${values.join(" ")}; ${run}\n    ${cite}`;
  });
  return ["Presets (--preset)", ...lines].join("\n\n");
}
