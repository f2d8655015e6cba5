import { UserError } from "../core/errors.ts";
import { PARTS } from "../diffusion/ports.ts";
import type { Part } from "../diffusion/ports.ts";
import {
  ANONYMOUS_WEIGHTS,
  GRAPHS,
  NOT_OURS,
  PRECISIONS,
  PREFERENCES,
  SMALL_FILES,
  WEIGHTS,
} from "./layout-rules.ts";
import type { Precision } from "./layout-rules.ts";

/** What a folder of files is asked to be: all of a model, or an encoder to put in the place of another's. */
export type Purpose = "model" | "codec";
export const PARTS_OF: Readonly<Record<Purpose, readonly Part[]>> = {
  model: PARTS,
  codec: ["vae_encoder"],
};

export interface LayoutOptions {
  readonly purpose: Purpose;
  /** Which edition to take where there are several. */
  readonly prefer: keyof typeof PREFERENCES;
}
export const WHOLE_MODEL: LayoutOptions = { purpose: "model", prefer: "fp16" };

/** A file, and its place in the diffusers ONNX layout. */
export interface PlacedFile {
  readonly path: string;
  /** Where it really is. */
  readonly from: string;
}

/** How the files of a folder make a model. */
export interface Layout {
  readonly files: readonly PlacedFile[];
  readonly graphs: readonly (PlacedFile & { readonly part: Part })[];
  /** What is not there and cannot be done without, in words. */
  readonly missing: readonly string[];
  /** What the user may want to know: choices made, defaults taken. */
  readonly notes: readonly string[];
}

/** Finds the parts of a model among the files of a folder, whatever exporter laid them out. */
export function findLayout(paths: readonly string[], { purpose, prefer }: LayoutOptions): Layout {
  const parts = PARTS_OF[purpose];
  const chosen = parts.map((part) => ({ part, candidates: candidatesFor(part, paths, prefer) }));
  const graphs = chosen.flatMap(({ part, candidates: [best] }) =>
    best === undefined ? [] : [{ part, path: `${part}/model.onnx`, from: best }],
  );
  const small = smallFiles(paths, rootOf(graphs));
  const files = [...small, ...graphs, ...graphs.flatMap((graph) => weightsBeside(graph, graph.part, paths))];

  const missing = chosen
    .filter(({ candidates }) => candidates.length === 0)
    .map(({ part }) => `${part}/model.onnx`);
  const notes = chosen.flatMap(({ candidates: [best, ...others] }) =>
    others.length === 0 ? [] : [`Of ${[best, ...others].join(", ")}, the first is taken.`],
  );
  if (purpose === "model") {
    const has = (path: string): boolean => small.some((file) => file.path === path);
    if (!has("tokenizer/tokenizer.json") && !(has("tokenizer/vocab.json") && has("tokenizer/merges.txt")))
      missing.push("tokenizer/tokenizer.json (or vocab.json and merges.txt beside it)");
    if (!has("scheduler/scheduler_config.json"))
      notes.push(
        "There is no scheduler/scheduler_config.json; Stable Diffusion 1.x's noise schedule is taken.",
      );
  }
  return { files, graphs, missing, notes };
}

/**
 * Where a file that a graph names as its weights is, and where it belongs; locations are relative to the graph.
 * Throws a UserError for one that leads out of the model's folder.
 */
export function placeWeights(graph: PlacedFile, location: string): PlacedFile {
  const name = location.replace(/^\.\//, "");
  if (/^[\\/]|\\|(^|\/)\.\.(\/|$)|:/.test(name)) {
    throw new UserError(
      `${graph.from} keeps its weights in “${location}”, which is outside of its folder.`,
      "Export the model with its weights beside the graph.",
    );
  }
  return { path: folderOf(graph.path) + name, from: folderOf(graph.from) + name };
}

/** "a/b/c" → "a/b/" */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** Best first. */
function candidatesFor(part: Part, paths: readonly string[], prefer: LayoutOptions["prefer"]): string[] {
  const rank = (path: string): number => PREFERENCES[prefer].indexOf(precisionOf(path));
  const depth = (path: string): number => path.split("/").length;
  const fits = paths.filter(
    (path) => /\.onnx$/i.test(path) && GRAPHS[part].test(stemOf(path)) && !NOT_OURS.test(path),
  );
  return fits.sort(
    (a, b) => rank(a) - rank(b) || depth(a) - depth(b) || a.length - b.length || (a < b ? -1 : 1),
  );
}

const stemOf = (path: string): string => path.replace(/\.onnx$/i, "");

const precisionOf = (path: string): Precision =>
  PRECISIONS.find(({ pattern }) => pattern.test(stemOf(path)))?.precision ?? "plain";

/** The folder that holds the parts' folders, "" or with a slash at its end. */
function rootOf(graphs: readonly { readonly part: Part; readonly from: string }[]): string {
  for (const { part, from } of graphs) {
    const end = from.indexOf(`${part}/`);
    if (end >= 0 && (end === 0 || from[end - 1] === "/")) return from.slice(0, end);
  }
  return "";
}

function smallFiles(paths: readonly string[], root: string): PlacedFile[] {
  const there = new Set(paths);
  return SMALL_FILES.flatMap(({ path, places }) => {
    const from = [...places.map((place) => root + place), ...places].find((place) => there.has(place));
    return from === undefined ? [] : [{ path, from }];
  });
}

function weightsBeside(graph: PlacedFile, part: Part, paths: readonly string[]): PlacedFile[] {
  const folder = folderOf(graph.from);
  const name = graph.from.slice(folder.length);
  const beside = paths.filter((path) => folderOf(path) === folder).map((path) => path.slice(folder.length));
  const isOnly = beside.filter((file) => /\.onnx$/i.test(file)).length === 1;
  const rules = WEIGHTS.map((rule) => rule(name, stemOf(name)));
  return beside
    .filter((file) => rules.some((rule) => rule.test(file)) || (isOnly && ANONYMOUS_WEIGHTS.test(file)))
    .map((file) => ({ path: `${part}/${file}`, from: folder + file }));
}
