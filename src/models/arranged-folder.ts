import { UserError } from "../core/errors.ts";
import { readJson } from "../diffusion/folder-source.ts";
import type { FolderSource } from "../diffusion/folder-source.ts";
import { refuseLack } from "./complaints.ts";
import { checkKind } from "./foreign.ts";
import { findLayout, folderOf, WHOLE_MODEL } from "./layout.ts";
import type { LayoutOptions } from "./layout.ts";

/**
 * A folder as if it were in the diffusers ONNX layout, whatever exporter wrote it. Throws a UserError that names all
 * that is missing, or tells which other kind of model it is.
 */
export async function arrangedFolder(
  source: FolderSource,
  options: LayoutOptions = WHOLE_MODEL,
): Promise<FolderSource> {
  if (!source.list) return source;
  const { files, graphs, missing } = findLayout(await source.list(), options);
  const places = new Map(files.map(({ path, from }) => [path, from]));
  await checkKind(`The folder “${source.name}”`, async (path) => {
    const from = places.get(path);
    return from === undefined ? undefined : readJson(source, from);
  });
  refuseLack(`The folder “${source.name}”`, missing, options.purpose);

  /** Weights have names of their graph's choice, beside it. */
  const placeOf = (path: string): string | undefined => {
    const graph = graphs.find(({ part }) => path.startsWith(`${part}/`));
    return places.get(path) ?? (graph && folderOf(graph.from) + path.slice(graph.part.length + 1));
  };
  const place = (path: string): string => {
    const from = placeOf(path);
    if (from !== undefined) return from;
    throw new UserError(`The folder “${source.name}” has no ${path}.`, "Check the folder of the model.");
  };
  const { open } = source;
  return {
    name: source.name,
    has: async (path) => {
      const from = placeOf(path);
      return from !== undefined && source.has(from);
    },
    read: async (path) => source.read(place(path)),
    ...(open && { open: async (path: string) => open(place(path)) }),
    list: () => Promise.resolve([...places.keys()]),
  };
}
