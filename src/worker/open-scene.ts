import { guessUp } from "../camera/up-axis.ts";
import type { Vec3 } from "../camera/camera.ts";
import { createHistory, type History } from "../core/history.ts";
import { readScene, writeScene } from "../formats/index.ts";
import { ATTRIBUTES, type Splats } from "../scene/attributes.ts";
import { focusSphere, samplePoints, type PointSample, type Sphere } from "../scene/bounds.ts";
import { withSplats, type SceneDocument } from "../scene/document.ts";
import { sameBits } from "../scene/splats.ts";
import type { SceneHints, SceneInfo } from "./protocol.ts";

/** The scene that is open, in memory. The GPU has a copy; this one survives it. */
export interface OpenScene {
  readonly info: SceneInfo;
  /** As the file has it. */
  readonly original: Splats;
  /** As of the last finished edit, undo or redo. */
  readonly current: SceneDocument;
  readonly history: History;
  /** Takes over splats that an edit has made, as one undoable change. */
  commit(label: string, splats: Splats): Promise<void>;
  /** As a file of its kind. */
  save(): { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };
}

/** Undo costs memory; beyond this the oldest edits cannot be undone any more. */
const HISTORY_BYTES = 1 << 30;

/**
 * Reads a scene file. `onChange` hears of every later change of the splats.
 * Throws a UserError for a file that cannot be read, in words.
 */
export function openScene(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  hints: SceneHints,
  onChange: (splats: Splats, antialiased: boolean) => Promise<void>,
): OpenScene {
  const document = readScene(bytes, name);
  const history = createHistory({ maxBytes: HISTORY_BYTES });
  let current = document;
  const enter = async (splats: Splats): Promise<void> => {
    current = withSplats(current, splats);
    await onChange(splats, document.metadata.antialiased);
  };

  return {
    info: describe(document, hints),
    original: document.splats,
    history,
    get current() {
      return current;
    },
    async commit(label, splats) {
      const before = current.splats;
      const after = sharing(splats, before);
      await enter(after);
      await history.record({
        label,
        sizeBytes: differingBytes(after, before),
        undo: () => enter(before),
        redo: () => enter(after),
      });
    },
    save: () => ({ name: savedName(document.name), bytes: writeScene(current) }),
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

/** The same splats, with the arrays of `before` where they hold the same bits, so that undo keeps only what changed. */
function sharing(splats: Splats, before: Splats): Splats {
  const kept = ATTRIBUTES.filter((attribute) => sameBits(splats[attribute], before[attribute]));
  return { ...splats, ...Object.fromEntries(kept.map((attribute) => [attribute, before[attribute]])) };
}

const differingBytes = (a: Splats, b: Splats): number =>
  ATTRIBUTES.filter((attribute) => a[attribute] !== b[attribute]).reduce(
    (sum, attribute) => sum + a[attribute].byteLength,
    0,
  );

/** garden.ply → garden-edited.ply; always the extension of what is written. */
function savedName(name: string): string {
  const stem = name.replace(/\.[^.]*$/, "").replace(/-edited$/, "");
  return `${stem || "scene"}-edited.ply`;
}
