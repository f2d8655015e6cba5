/** One edit from file to file. */
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../core/errors.ts";
import { diskFolder } from "../diffusion/folder-source.node.ts";
import { loadPipeline } from "../diffusion/pipeline.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import type { JobEvent, JobResult } from "../edit/events.ts";
import { createEditJob } from "../edit/job.ts";
import { checkSettings } from "../edit/settings-check.ts";
import { readScene, writeScene } from "../formats/index.ts";
import { counted } from "../formats/words.ts";
import { openNodeGpu } from "../gpu/device.node.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { withSplats } from "../scene/document.ts";
import { uploadSplats } from "../scene/mirror.ts";
import { settingsOf } from "./edit-options.ts";
import type { EditOptions } from "./edit-options.ts";
import { stage, usageError } from "./exit.ts";
import type { ExitReason } from "./exit.ts";
import { checkWritable, readBytes, writeBytes, writeText } from "./files.ts";
import type { Interrupts } from "./program.ts";
import { createProgress, timeInWords } from "./progress.ts";
import { createReport } from "./report.ts";
import { createPhotographer } from "./views-out.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const EMBEDDED_MODEL = join(root, "models/mini");

/** How a run's end is told to whoever started the program. */
const REASONS: Readonly<Record<JobResult["outcome"], ExitReason>> = {
  finished: "ok",
  stopped: "interrupted",
  cancelled: "interrupted",
  lost: "lostDevice",
  failed: "unexpected",
};

export async function runEdit(
  input: string,
  options: EditOptions,
  interrupts: Interrupts,
): Promise<ExitReason> {
  const say = (text: string): void => console.error(text);
  const output = options.output ?? defaultOutput(input);
  if (resolve(output) === resolve(input)) {
    throw usageError("The edited scene would overwrite the original.", "Choose another name for -o.");
  }
  const document = await stage("badInput", async () => readScene(await readBytes(input), basename(input)));
  await stage("badInput", () => checkWritable(output));
  const { splats, metadata } = document;
  say(`Scene   ${document.name}: ${counted(splats.count, "splat")}, SH degree ${splats.shDegree}`);
  for (const warning of document.warnings) say(`Warning ${warning}`);

  useNodeRuntime();
  const gpu = await stage("noGpu", () => openNodeGpu());
  say(
    `GPU     ${gpu.adapterInfo.description || gpu.adapterInfo.vendor}${gpu.isSoftware ? " (software)" : ""}`,
  );
  const pipeline = await stage("badInput", () =>
    loadPipeline(diskFolder(options.model ?? EMBEDDED_MODEL), {
      gpu,
      provider: options.provider,
    }),
  );
  say(`Model   ${pipeline.info.name} on ${pipeline.info.provider}`);
  const settings = settingsOf(options, pipeline.info);
  await stage("usage", () => checkSettings(settings, pipeline.schedule));
  const prompts = [settings.source, settings.target, settings.negative].join(" ");
  for (const word of pipeline.tokenizer.unknownWords(prompts)) {
    say(`Warning The model does not know the word “${word}”.`);
  }
  say(`Edit    ${settings.source ? `“${settings.source}” → ` : ""}“${settings.target}”`);
  say(
    `With    ${settings.method} ${paramsInWords(settings.params)}, ${settings.bridge} bridge, seed ${settings.seed}`,
  );

  const rasterizer = new Rasterizer(gpu);
  const buffers = uploadSplats(gpu, splats);
  const photographer =
    options.viewsOut === undefined
      ? undefined
      : await createPhotographer({ gpu, rasterizer, document, settings, buffers, folder: options.viewsOut });
  await photographer?.before();

  const progress = options.quiet ? undefined : createProgress(settings.steps);
  const report = createReport();
  const job = createEditJob({
    gpu,
    rasterizer,
    pipeline,
    buffers,
    splats,
    antialiased: metadata.antialiased,
    facts: metadata,
    settings,
    pictureInterval: Infinity,
    on: (event: JobEvent) => {
      if (event.type === "warning") say(`Warning ${event.text}`);
      if (event.type !== "step") return;
      report.add(event);
      progress?.update(event.step, event.iterationsPerSecond, event.secondsLeft);
    },
  });
  interrupts.onRequest(() => {
    say("\nStopping after this step; what is done will be written. Ctrl-C again ends at once.");
    job.stop();
  });
  if (interrupts.requested) return "interrupted";
  const result = await job.start();
  progress?.stop();

  if (result.error) say(inWords(result.error));
  if (result.steps === 0) {
    say("Nothing was changed, so nothing is written.");
    return REASONS[result.outcome];
  }
  await stage("badInput", () => writeBytes(output, writeScene(withSplats(document, result.splats))));
  if (result.outcome !== "lost") await photographer?.after();
  const { json } = options;
  if (json) {
    const facts = {
      input,
      output,
      model: pipeline.info.name,
      provider: pipeline.info.provider,
      adapter: gpu.adapterInfo.description,
    };
    await stage("badInput", () => writeText(json, report.text({ ...facts, settings, result })));
  }
  say(`Wrote   ${output} after ${counted(result.steps, "step")} in ${timeInWords(result.seconds)}`);
  return REASONS[result.outcome];
}

/** garden.ply → garden-edited.ply, beside it. */
function defaultOutput(input: string): string {
  const extension = extname(input);
  return join(dirname(input), `${basename(input, extension)}-edited.ply`);
}

const paramsInWords = (params: Readonly<Record<string, unknown>>): string =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(" ");

const inWords = (error: Error): string =>
  error instanceof UserError
    ? [error.message, error.hint].filter(Boolean).join("\n")
    : (error.stack ?? error.message);
