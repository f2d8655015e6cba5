/** One edit from file to file. */
import { basename, dirname, extname, join, resolve } from "node:path";
import { UserError } from "../core/errors.ts";
import { checkPrompt } from "../diffusion/check-prompt.ts";
import { gigabytes } from "../diffusion/memory-plan.ts";
import { loadPipeline } from "../diffusion/pipeline.ts";
import { precisionInWords } from "../diffusion/precision.ts";
import { adviceFor } from "../diffusion/preset-advice.ts";
import { useNodeRuntime } from "../diffusion/session/runtime.node.ts";
import type { Pipeline } from "../diffusion/pipeline.ts";
import { encoderAgreement } from "../edit/encoder-agreement.ts";
import type { JobEvent, JobResult } from "../edit/events.ts";
import { createEditJob } from "../edit/job.ts";
import { regionMask } from "../edit/mask.ts";
import type { EditSettings } from "../edit/settings.ts";
import { checkResolution, checkSettings, checkSuits } from "../edit/settings-check.ts";
import { readScene, writeScene } from "../formats/index.ts";
import { counted } from "../formats/words.ts";
import { allocated } from "../gpu/buffers.ts";
import { isMemoryRefusal } from "../gpu/device.ts";
import type { Gpu } from "../gpu/device.ts";
import { freeUInWords } from "../onnx/passes/free-u.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { withSplats } from "../scene/document.ts";
import type { SceneDocument } from "../scene/document.ts";
import { disposeSplatBuffers, uploadSplats } from "../scene/mirror.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import { settingsOf } from "./edit-options.ts";
import type { EditOptions } from "./edit-options.ts";
import { stage, usageError } from "./exit.ts";
import type { ExitReason } from "./exit.ts";
import { checkWritable, readBytes, writeBytes, writeText } from "./files.ts";
import { openProgramGpu } from "./gpu.ts";
import { openModel } from "./model-cache.ts";
import { peakMemory, profiled, profileInWords } from "./profile.ts";
import type { Interrupts } from "./program.ts";
import { createProgress, timeInWords } from "./progress.ts";
import { createReport } from "./report.ts";
import type { Report } from "./report.ts";
import { EMBEDDED_MODEL } from "./root.ts";
import { createPhotographer } from "./views-out.ts";

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
  const output = options.output ?? defaultOutput(input);
  if (resolve(output) === resolve(input)) {
    throw usageError("The edited scene would overwrite the original.", "Choose another name for -o.");
  }
  const document = await openScene(input);
  await stage("badInput", () => checkWritable(output));
  const engine = await openEngine(options, interrupts);
  const settings = await chooseSettings(options, engine, document);

  const upload = () => uploadSplats(engine.gpu, document.splats);
  const buffers = await stage("badInput", () => allocated(engine.gpu, upload, disposeSplatBuffers));
  const scene = { ...engine, document, settings, buffers };
  if (engine.pipeline.referenceCodec) await tellAgreement(scene);
  const { viewsOut } = options;
  const photographer = viewsOut === undefined ? undefined : await createPhotographer(scene, viewsOut);
  await photographer?.before();
  const report = createReport();
  const { pipeline, seconds } = profiled(scene.pipeline);
  const result = await runJob({ ...scene, pipeline }, report, interrupts, options.quiet ?? false);

  if (result.error) say(inWords(result.error));
  if (result.steps === 0) {
    say("Nothing was changed, so nothing is written.");
    return REASONS[result.outcome];
  }
  await stage("badInput", () => writeBytes(output, writeScene(withSplats(document, result.splats))));
  if (result.outcome !== "lost") await photographer?.after();
  if (options.json) await writeReport(options.json, report, { input, output, scene, result });
  say(`Wrote   ${output} after ${counted(result.steps, "step")} in ${timeInWords(result.seconds)}`);
  say(`Time    ${profileInWords(seconds, result.seconds)}`);
  say(`Memory  ${peakMemory()} at most`);
  return REASONS[result.outcome];
}

const say = (text: string): void => console.error(text);

async function openScene(path: string): Promise<SceneDocument> {
  const document = await stage("badInput", async () => readScene(await readBytes(path), basename(path)));
  const { name, splats, warnings } = document;
  say(`Scene   ${name}: ${counted(splats.count, "splat")}, SH degree ${splats.shDegree}`);
  for (const warning of warnings) say(`Warning ${warning}`);
  return document;
}

interface Engine {
  readonly gpu: Gpu;
  readonly rasterizer: Rasterizer;
  readonly pipeline: Pipeline;
}

async function openEngine(options: EditOptions, interrupts: Interrupts): Promise<Engine> {
  const {
    model = EMBEDDED_MODEL,
    provider,
    compute: precision,
    freeu: freeU,
    resolution: side,
    precision: prefer,
    acceptLicence = false,
    quiet = false,
  } = options;
  const fetching = { acceptLicence, prefer, quiet, interrupts };
  const folder = await stage("badInput", () => openModel(model, fetching));
  const encoder =
    options.encoder === undefined
      ? undefined
      : await stage("badInput", () => openModel(options.encoder!, { ...fetching, purpose: "codec" }));
  useNodeRuntime();
  const gpu = await openProgramGpu(isMemoryRefusal); // a run keeps the steps it has done
  say(`GPU     ${gpuName(gpu)}${gpu.isSoftware ? " (software)" : ""}`);
  const warn = (text: string): void => say(`Warning ${text}`);
  const memoryBudget = options.memory && options.memory * 1e9;
  const pipeline = await stage("badInput", () =>
    loadPipeline(folder, { gpu, provider, precision, encoder, freeU, side, memoryBudget, warn }),
  );
  const { name, provider: runsOn, encoder: kind, precision: chosen } = pipeline.info;
  say(`Model   ${name} on ${runsOn}, encoder ${kind}${freeU ? `, ${freeUInWords(freeU)}` : ""}`);
  say(`Compute ${precisionInWords(chosen)}`);
  return { gpu, rasterizer: new Rasterizer(gpu), pipeline };
}

async function chooseSettings(
  options: EditOptions,
  { pipeline }: Engine,
  { splats }: SceneDocument,
): Promise<EditSettings> {
  const settings = settingsOf(options, pipeline.info);
  await stage("usage", () => {
    checkSettings(settings, pipeline.schedule);
    checkSuits(settings, pipeline.info);
    if (options.resolution !== undefined) checkResolution(settings.size, pipeline.info);
    if (settings.region.kind !== "all") regionMask(settings.region, splats);
  });
  const { source, target, negative, method, params, bridge, seed } = settings;
  const checks = [source, target, negative].map((prompt) => checkPrompt(pipeline.tokenizer, prompt));
  for (const word of new Set(checks.flatMap(({ unknown }) => unknown))) {
    say(`Warning The model does not know the word “${word}”.`);
  }
  for (const { cut } of checks) {
    if (cut) say(`Warning Too long for the model, which will not read the end: “${cut}”.`);
  }
  const advised = adviceFor(pipeline.info.advice, settings);
  if (advised && !options.preset && !options.method)
    say(`Hint    “${advised.word}” is another kind of thing: --preset ${advised.preset} is made for that.`);
  const plan = pipeline.info.memory.find(({ side }) => side === settings.size);
  const budget = gigabytes(pipeline.info.memoryBudget);
  if (plan)
    say(`${plan.fits ? "Plan   " : "Warning"} ${plan.says} (the networks may take ${budget}; see --memory)`);
  say(`Edit    ${source ? `“${source}” → ` : ""}“${target}”`);
  say(`With    ${method} ${valuesInWords(params)}, ${bridge} bridge, seed ${seed}`);
  return settings;
}

interface OpenedScene extends Engine {
  readonly document: SceneDocument;
  readonly settings: EditSettings;
  readonly buffers: SplatBuffers;
}

/** Tells how close the chosen encoder's gradients are to those of the model's own. */
async function tellAgreement({ document, ...scene }: OpenedScene): Promise<void> {
  const { splats, metadata } = document;
  const cosines = await encoderAgreement({
    ...{ ...scene, splats, facts: metadata, antialiased: metadata.antialiased },
  });
  const figures = cosines.map((cosine) => cosine.toFixed(3)).join(", ");
  say(`Encoder ${scene.pipeline.codec.id}: its picture gradients against the model's own, cosine ${figures}`);
}

async function runJob(
  { document, ...scene }: OpenedScene,
  report: Report,
  interrupts: Interrupts,
  quiet: boolean,
): Promise<JobResult> {
  const progress = quiet ? undefined : createProgress(scene.settings.steps);
  const job = createEditJob({
    ...scene,
    splats: document.splats,
    antialiased: document.metadata.antialiased,
    facts: document.metadata,
    pictureInterval: Infinity,
    on: (event: JobEvent) => {
      if (event.type === "warning") say(`Warning ${event.text}`);
      if (event.type !== "step") return;
      report.add(event);
      progress?.update(event.step, event.iterationsPerSecond, event.secondsLeft);
    },
  });
  const stop = (): void => {
    say("\nStopping after this step; what is done will be written. Ctrl-C again ends at once.");
    // Before its first step a run has nothing to keep.
    if (job.state === "ready") job.cancel();
    else job.stop();
  };
  interrupts.onRequest(stop);
  if (interrupts.requested) stop();
  const result = await job.start();
  progress?.stop();
  return result;
}

interface Run {
  readonly input: string;
  readonly output: string;
  readonly scene: OpenedScene;
  readonly result: JobResult;
}

function writeReport(path: string, report: Report, { input, output, scene, result }: Run): Promise<void> {
  const { name: model, provider, precision, freeU } = scene.pipeline.info;
  const facts = {
    input,
    output,
    model,
    provider,
    precision: precision.precision,
    freeU,
    adapter: gpuName(scene.gpu),
    settings: scene.settings,
  };
  return stage("badInput", () => writeText(path, report.text({ ...facts, result })));
}

const gpuName = ({ adapterInfo }: Gpu): string => adapterInfo.description || adapterInfo.vendor;

/** garden.ply → garden-edited.ply, beside it. */
function defaultOutput(input: string): string {
  const extension = extname(input);
  return join(dirname(input), `${basename(input, extension)}-edited.ply`);
}

const valuesInWords = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(" ");

const inWords = (error: Error): string =>
  error instanceof UserError
    ? [error.message, error.hint].filter(Boolean).join("\n")
    : (error.stack ?? error.message);
