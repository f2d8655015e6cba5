import type { InPieces } from "../core/pieces.ts";
import type { SceneDocument } from "../scene/document.ts";

export interface WriteOptions {
  /**
   * `source`: the layout, encoding and extra data of the file the scene came from, which leaves untouched splats
   * byte-identical. `standard`: the format's usual layout, nothing else. By default `source` where there is one.
   */
  readonly layout?: "source" | "standard";
}

/**
 * A scene file format. Adding one is adding one file `<id>.format.ts` to this folder with such an object as its
 * default export; open and save dialogs, the command line and the contract tests derive from it.
 */
export interface SceneFormat {
  readonly id: string;
  readonly label: string;
  /** One that is the format's alone: the installed app becomes what opens files of this type. */
  readonly mediaType: `${string}/${string}`;
  /** Lower case, without the dot; the first is the one to write. */
  readonly extensions: readonly string[];
  /** Whether these are the first bytes of such a file. */
  sniff(bytes: Uint8Array): boolean;
  /**
   * Reads a whole file. `name` is used in messages. Keeps views on `bytes`, which must not change afterwards.
   * Throws a UserError for a file that cannot be read, in words.
   */
  read(bytes: Uint8Array<ArrayBuffer>, name: string): InPieces<SceneDocument>;
  write?(document: SceneDocument, options?: WriteOptions): Uint8Array<ArrayBuffer>;
}
