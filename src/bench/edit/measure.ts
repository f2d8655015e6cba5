/** One cell of the table: the edit is run, and what became of the scene is judged. */
import { renderViews } from "../../cli/scenes/world.ts";
import { orbitsAround } from "../../cli/scenes/orbits.ts";
import { createRng } from "../../core/rng.ts";
import type { Pipeline } from "../../diffusion/pipeline.ts";
import { createEditJob } from "../../edit/job.ts";
import type { EditJob } from "../../edit/job.ts";
import { imagePicture } from "../../edit/pictures.ts";
import type { JobResult } from "../../edit/events.ts";
import { disposeSplatBuffers, uploadSplats } from "../../scene/mirror.ts";
import type { CellPictures } from "./cell-store.ts";
import { settingsOfCell } from "./cells.ts";
import type { Cell, CellResult } from "./cells.ts";
import type { Edit } from "./edits.ts";
import { editScenes } from "./edit-scenes.ts";
import { impression, shownViews } from "./gallery.ts";
import type { Gallery, Impression, Studio } from "./gallery.ts";
import { JUDGED_SIZE } from "./judge.ts";
import type { Judge } from "./judge.ts";
import { pixelChange } from "./pixel-change.ts";
import { directionalSimilarity, similarity } from "./similarity.ts";

export interface EditStudio extends Studio {
  readonly pipeline: Pipeline;
}

export interface Measured {
  readonly result: CellResult;
  readonly pictures: CellPictures;
}

/**
 * @param onJob gets hold of the run, to cancel it
 * Undefined for a run that was cancelled. Throws what broke one.
 */
export async function measureCell(
  studio: EditStudio,
  gallery: Gallery,
  cell: Cell,
  onJob: (job: EditJob) => void = () => {},
): Promise<Measured | undefined> {
  const { document } = gallery.opened;
  const { result, secondsPerStep } = await runCell(studio, gallery, cell, onJob);
  if (result.outcome === "cancelled") return undefined;
  if (result.error) throw result.error;

  const after = await impression(studio.judge, await shownViews(studio, result.splats, gallery.cameras));
  const { before, size } = gallery;
  const [outside, object] = [gallery.outside, gallery.object].map((masks) =>
    pixelChange(before.images, after.images, masks, size),
  );
  const shoot = async (splats: typeof document.splats) => {
    const [image] = await shownViews(studio, splats, [gallery.front]);
    return imagePicture(image!, size, size);
  };
  return {
    result: {
      ...(await judged(studio.judge, cell.edit, before, after)),
      ...(outside && { outside }),
      ...(object && { object }),
      run: { steps: result.steps, seconds: result.seconds, secondsPerStep },
    },
    pictures: { before: await shoot(document.splats), after: await shoot(result.splats) },
  };
}

async function runCell(
  { gpu, rasterizer, pipeline }: EditStudio,
  { opened, size }: Gallery,
  cell: Cell,
  onJob: (job: EditJob) => void,
): Promise<{ readonly result: JobResult; readonly secondsPerStep: number }> {
  const { document, object } = opened;
  const buffers = uploadSplats(gpu, document.splats);
  const times: number[] = [];
  const job = createEditJob({
    ...{ gpu, rasterizer, pipeline, buffers },
    splats: document.splats,
    antialiased: document.metadata.antialiased,
    facts: document.metadata,
    settings: settingsOfCell(cell, object, size),
    pictureInterval: Infinity,
    on: ({ type }) => void (type === "step" && times.push(performance.now())),
  });
  onJob(job);
  const result = await job.start();
  disposeSplatBuffers(buffers);
  return { result, secondsPerStep: secondsBetween(times) ?? result.seconds / result.steps };
}

/** Of the steps after the first, in which networks load and shaders compile. */
const secondsBetween = (times: readonly number[]): number | undefined =>
  times.length > 1 ? (times.at(-1)! - times[0]!) / 1000 / (times.length - 1) : undefined;

/** Where the source's and the target's true pictures are taken from. */
const TRUE_VIEWS = "true views";

/**
 * The same edit made by the world's renderer, as good as an edit can be: what the judge says of that, no method can
 * be asked to exceed. The renderer has to be built.
 */
export async function measureTruth(judge: Judge, edit: Edit, views: number): Promise<CellResult> {
  const { seed } = editScenes.get(edit.scene).still;
  const orbits = orbitsAround(views, createRng(TRUE_VIEWS));
  const look = async (shown: Edit["from"]): Promise<Impression> => {
    const pictures = await renderViews({ ...shown, seed }, orbits, JUDGED_SIZE);
    return impression(
      judge,
      pictures.map(({ image }) => image),
    );
  };
  return judged(judge, edit, await look(edit.from), await look(edit.to));
}

async function judged(
  judge: Judge,
  edit: Edit,
  before: Impression,
  after: Impression,
): Promise<Pick<CellResult, "before" | "after" | "similarity" | "direction">> {
  const [source, target] = [await judge.embedText(edit.source), await judge.embedText(edit.target)];
  const embeddings = { before: before.embeddings, after: after.embeddings, source, target };
  return {
    before: before.readings,
    after: after.readings,
    similarity: {
      before: similarity({ after: before.embeddings, target }),
      after: similarity(embeddings),
    },
    direction: directionalSimilarity(embeddings),
  };
}
