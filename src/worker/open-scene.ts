import type { Vec3 } from "../camera/camera.ts";
import { guessUp } from "../camera/up-axis.ts";
import { documentOf, editOf, type Doc } from "../document/document.ts";
import { withEdit } from "../document/edits.ts";
import { exportedScene, type ExportOptions } from "../document/export.ts";
import { flatten } from "../document/flatten.ts";
import {
  createDocumentStore,
  type DocumentStore,
  type StoreOptions,
  type Timeline,
} from "../document/store.ts";
import { writeScene } from "../formats/index.ts";
import type { Splats } from "../scene/attributes.ts";
import { focusSphere, samplePoints, type PointSample, type Sphere } from "../scene/bounds.ts";
import type { SceneDocument } from "../scene/document.ts";
import { concatSplats } from "../scene/splats.ts";
import type { Comparison, SceneHints, SceneInfo } from "./protocol.ts";

/** The scene that is open, in memory. The GPU has a copy; this one survives it. */
export interface OpenScene {
  readonly info: SceneInfo;
  /** As it was at the beginning of its history, or as it would be now. The same until the document changes. */
  compared(to: Comparison): Splats;
  readonly store: DocumentStore;
  /** As a file of its kind. */
  save(options?: ExportOptions): { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };
}

/** Undo costs memory; beyond this the oldest changes cannot be undone any more. */
const HISTORY_BYTES = 1 << 30;

/** Opens what was read from a file. `show` hears of every later change. */
export function openScene(
  scene: SceneDocument,
  hints: SceneHints,
  show: (doc: Doc) => Promise<void>,
): OpenScene {
  const info = describe(scene, hints);
  return withTimeline({ docs: [documentOf(scene, info)], labels: [], cursor: 0 }, info, { show });
}

/** What was recovered, as if it had just been opened. */
export function reopenScene(name: string, timeline: Timeline, show: (doc: Doc) => Promise<void>): OpenScene {
  const { layers, frame } = timeline.docs[timeline.cursor]!;
  const scenes = layers.map(({ scene }) => scene);
  const count = scenes.reduce((sum, { splats }) => sum + splats.count, 0);
  const shDegree = Math.max(0, ...scenes.map(({ splats }) => splats.shDegree));
  const info = { name, count, shDegree, ...frame, warnings: [] };
  return withTimeline(timeline, info, { show, isSaved: false });
}

function withTimeline(timeline: Timeline, info: SceneInfo, options: StoreOptions): OpenScene {
  const store = createDocumentStore(timeline, { ...options, maxBytes: HISTORY_BYTES });
  const parts = timeline.docs[0]!.layers.map(({ scene }) => scene.splats);
  const original = parts.length === 1 ? parts[0]! : concatSplats(parts);
  let without: { readonly doc: Doc; readonly edit: string; readonly splats: Splats } | undefined;
  return {
    info,
    compared(to) {
      if (to === "original") return original;
      const { doc } = store;
      if (without?.doc !== doc || without.edit !== to.without) {
        const { splats } = flatten(withEdit(doc, editOf(doc, to.without), false));
        without = { doc, edit: to.without, splats };
      }
      return without.splats;
    },
    store,
    save(options) {
      const saved = exportedScene(store.doc, options);
      return { name: savedName(info.name), bytes: writeScene(saved) };
    },
  };
}

function describe({ name, splats, metadata, warnings }: SceneDocument, hints: SceneHints): SceneInfo {
  const sample = samplePoints(splats);
  const up = hints.up ?? metadata.up ?? (sample ? guessUp(sample).up : UP_OF_NOTHING);
  const focus = hints.region ?? metadata.focus ?? (sample ? focusOf(sample) : FOCUS_OF_NOTHING);
  const { region } = hints;
  return {
    name,
    count: splats.count,
    shDegree: splats.shDegree,
    focus,
    up,
    warnings,
    ...(region && { region }),
  };
}

const UP_OF_NOTHING: Vec3 = [0, 1, 0];
const FOCUS_OF_NOTHING: Sphere = { center: [0, 0, 0], radius: 1 };

function focusOf(sample: PointSample): Sphere {
  const { center, radius } = focusSphere(sample);
  return { center, radius: Math.max(radius, 1e-6) };
}

/** garden.ply → garden-edited.ply; always the extension of what is written. */
function savedName(name: string): string {
  const stem = name.replace(/\.[^.]*$/, "").replace(/-edited$/, "");
  return `${stem || "scene"}-edited.ply`;
}
