import { availableParallelism } from "node:os";
import { settingsOf } from "../cli/edit-options.ts";
import { stage, usageError } from "../cli/exit.ts";
import type { ExitReason } from "../cli/exit.ts";
import { checkWritable, writeText } from "../cli/files.ts";
import type { Interrupts } from "../cli/program.ts";
import { EMBEDDED_MODEL } from "../cli/root.ts";
import { diskFolder } from "../diffusion/folder-source.node.ts";
import { methods } from "../diffusion/methods/index.ts";
import { loadPipeline } from "../diffusion/pipeline.ts";
import type { Pipeline } from "../diffusion/pipeline.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import { threadsFor } from "../diffusion/session/runtime.ts";
import { checkSettings } from "../edit/settings-check.ts";
import type { EditSettings } from "../edit/settings.ts";
import { openNodeGpu } from "../gpu/device.node.ts";
import { machineFacts } from "./machine.ts";
import { REPEAT, rowFilter } from "./options.ts";
import type { BenchOptions } from "./options.ts";
import { reportJson, reportText } from "./report.ts";
import { chooseScenes } from "./scenes.ts";
import { measureSuite } from "./suite.ts";

/** So many that the scene has an extent, by which positions learn; one of them is measured. */
const VIEWS = 4;
const PROMPTS = { source: "a photo of a red apple on grass", target: "a photo of a blue apple on grass" };

export async function runBench(options: BenchOptions, interrupts: Interrupts): Promise<ExitReason> {
  const { json } = options;
  const wanted = rowFilter(options.only);
  const scenes = await stage("usage", () => chooseScenes(options.scenes));
  if (json) await stage("badInput", () => checkWritable(json));

  useNodeRuntime();
  const gpu = await stage("noGpu", () => openNodeGpu());
  const { provider } = options;
  const pipeline = await stage("badInput", () =>
    loadPipeline(diskFolder(options.model ?? EMBEDDED_MODEL), { gpu, provider }),
  );
  const settings = benchSettings(pipeline, options.size);
  const { schedule, info } = pipeline;
  await stage("usage", () => checkSettings(settings, schedule));
  const repeat = options.repeat ?? (gpu.isSoftware ? REPEAT.software : REPEAT.gpu);

  const measured = await stage("badInput", () =>
    measureSuite({
      ...{ gpu, pipeline, settings, scenes, repeat, wanted },
      goOn: () => !interrupts.requested,
      onRow: (row, scene) => console.error(`measuring ${row}${scene ? ` on ${scene}` : ""} …`),
    }),
  );
  const facts = {
    machine: machineFacts(gpu),
    model: {
      name: info.name,
      provider: info.provider,
      ...(info.provider === "wasm" && { threads: threadsFor(availableParallelism()) }),
    },
    method: settings.method,
    predictions: methods.get(settings.method).uses(settings.params, settings.timesteps.min, schedule).length,
    repeat,
    measured,
  };
  console.log(`\n${reportText(facts)}`);
  if (json) await stage("badInput", () => writeText(json, reportJson(facts)));
  return interrupts.requested ? "interrupted" : "ok";
}

/** What an edit would start from with this model. */
function benchSettings({ info }: Pipeline, size: number | undefined): EditSettings {
  if (size !== undefined && !info.resolutions.includes(size)) {
    throw usageError(
      `${info.name} does not work at ${size} pixels.`,
      `Try ${info.resolutions.join(" or ")}.`,
    );
  }
  const resolution = size ?? info.resolution;
  return settingsOf({ ...PROMPTS, provider: "auto", views: VIEWS, resolution }, info);
}
