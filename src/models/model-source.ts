import { fetchFolder } from "../diffusion/folder-source.ts";
import type { FolderSource } from "../diffusion/folder-source.ts";
import { arrangedFolder } from "./arranged-folder.ts";
import { WHOLE_MODEL, type Purpose } from "./layout.ts";
import type { ModelStore } from "./model-store.ts";
import { filesFolder } from "./picked-folder.ts";
import type { PickedFile } from "./picked-folder.ts";

/** A folder that a user handed to the page. */
export interface PickedFolder {
  readonly name: string;
  readonly files: readonly PickedFile[];
  /** Where the browser gives one, to find the folder again. */
  readonly handle?: FileSystemDirectoryHandle;
}

/** Where a model is taken from. Survives structured cloning. */
export type ModelSource =
  /** In the diffusers ONNX layout, on our own server. */
  | { readonly kind: "address"; readonly url: string }
  | { readonly kind: "stored"; readonly id: string }
  | ({ readonly kind: "folder" } & Pick<PickedFolder, "name" | "files">);

/** The folder of a model, or of an encoder alone, in the diffusers ONNX layout. Throws a UserError when it is none. */
export async function openSource(
  source: ModelSource,
  stored: () => Pick<ModelStore, "open">,
  purpose: Purpose = WHOLE_MODEL.purpose,
): Promise<FolderSource> {
  switch (source.kind) {
    case "address":
      return fetchFolder(source.url);
    case "stored":
      return stored().open(source.id);
    case "folder":
      return arrangedFolder(filesFolder(source.name, source.files), { ...WHOLE_MODEL, purpose });
  }
}
