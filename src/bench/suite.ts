import type { Pipeline } from "../diffusion/pipeline.ts";
import type { EditSettings } from "../edit/settings.ts";
import type { Gpu } from "../gpu/device.ts";
import { modelRows } from "./model-rows.ts";
import { measurePasses } from "./passes.ts";
import type { PassTiming } from "./passes.ts";
import { timeTrial } from "./row.ts";
import type { Row, Timing } from "./row.ts";
import { sceneRows } from "./scene-rows.ts";
import { openScene } from "./scene-subject.ts";
import type { BenchScene, SceneSource } from "./scenes.ts";

export interface SceneSize {
  readonly name: string;
  readonly splats: number;
  readonly shDegree: number;
  /** Of the view that was measured. */
  readonly visible: number;
  readonly pairs: number;
}
export interface RowTiming extends Timing {
  readonly row: string;
  /** Absent for rows that no scene plays a part in. */
  readonly scene?: string;
}
export interface ScenePassTiming extends PassTiming {
  readonly scene: string;
}

export interface Measurements {
  /** Side of all images, pixels. */
  readonly size: number;
  readonly scenes: readonly SceneSize[];
  readonly rows: readonly RowTiming[];
  /** Empty where the device has no timestamp queries. */
  readonly passes: readonly ScenePassTiming[];
}

export interface SuiteOptions {
  readonly gpu: Gpu;
  readonly pipeline: Pipeline;
  readonly settings: EditSettings;
  readonly scenes: readonly SceneSource[];
  /** Timed calls of each row. */
  readonly repeat: number;
  readonly wanted?: (row: string) => boolean;
  /** Whether to measure on; what is done until then is returned. */
  readonly goOn?: () => boolean;
  readonly onRow?: (row: string, scene?: string) => void;
}

/** The names of all rows. */
export const ROW_NAMES: readonly string[] = [...modelRows, ...sceneRows].map(({ name }) => name);

/** Measures one row after the other. Throws the first error that the device raised underneath one. */
export async function measureSuite(options: SuiteOptions): Promise<Measurements> {
  const { gpu, pipeline, settings, wanted = () => true, goOn = () => true, onRow } = options;
  const errors: Error[] = [];
  const stopListening = gpu.onError((error) => errors.push(error));
  const rows: RowTiming[] = [];
  const scenes: SceneSize[] = [];
  const passes: ScenePassTiming[] = [];

  const measure = async <S>(row: Row<S, string>, subject: S, scene?: string): Promise<void> => {
    onRow?.(row.name, scene);
    const trial = await row.prepare(subject);
    try {
      const timing = await timeTrial(gpu, trial, options.repeat, goOn);
      rows.push({ row: row.name, ...(scene !== undefined && { scene }), ...timing });
    } finally {
      trial.dispose?.();
    }
    if (errors[0]) throw errors[0];
  };

  const measureScene = async (bench: BenchScene): Promise<void> => {
    const subject = await openScene(gpu, pipeline, bench, settings);
    const { name, splats } = bench;
    const { visible, pairs } = subject.stats;
    scenes.push({ name, splats: splats.count, shDegree: splats.shDegree, visible, pairs });
    try {
      for (const row of sceneRows.filter((each) => wanted(each.name))) {
        if (!goOn()) return;
        await measure(row, subject, name);
        subject.original.restore();
      }
      const ofPasses = await measurePasses(subject, options.repeat, goOn);
      passes.push(...ofPasses.filter(({ row }) => wanted(row)).map((pass) => ({ scene: name, ...pass })));
    } finally {
      subject.dispose();
    }
  };

  try {
    for (const row of modelRows.filter(({ name }) => wanted(name))) {
      if (goOn()) await measure(row, { gpu, pipeline, size: settings.size });
    }
    if (sceneRows.some(({ name }) => wanted(name))) {
      for (const source of options.scenes) if (goOn()) await measureScene(await source.load());
    }
    return { size: settings.size, scenes, rows, passes };
  } finally {
    stopListening();
  }
}
