import type { Vec3 } from "../camera/camera.ts";
import { guessUp } from "../camera/up-axis.ts";
import { documentOf, type Doc } from "../document/document.ts";
import { exportedScene, type ExportOptions } from "../document/export.ts";
import { createDocumentStore, type DocumentStore } from "../document/store.ts";
import { readScene, writeScene } from "../formats/index.ts";
import type { Splats } from "../scene/attributes.ts";
import { focusSphere, samplePoints, type PointSample, type Sphere } from "../scene/bounds.ts";
import type { SceneDocument } from "../scene/document.ts";
import type { SceneHints, SceneInfo } from "./protocol.ts";

/** The scene that is open, in memory. The GPU has a copy; this one survives it. */
export interface OpenScene {
  readonly info: SceneInfo;
  /** As the file has it. */
  readonly original: Splats;
  readonly store: DocumentStore;
  /** As a file of its kind. */
  save(options?: ExportOptions): { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };
}

/** Undo costs memory; beyond this the oldest changes cannot be undone any more. */
const HISTORY_BYTES = 1 << 30;

/**
 * Reads a scene file. `show` hears of every later change.
 * Throws a UserError for a file that cannot be read, in words.
 */
export function openScene(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  hints: SceneHints,
  show: (doc: Doc) => Promise<void>,
): OpenScene {
  const scene = readScene(bytes, name);
  const info = describe(scene, hints);
  return withDocument(documentOf(scene, info), info, show);
}

function withDocument(doc: Doc, info: SceneInfo, show: (doc: Doc) => Promise<void>): OpenScene {
  const store = createDocumentStore(doc, { show, maxBytes: HISTORY_BYTES });
  return {
    info,
    original: doc.layers[0]!.scene.splats,
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
