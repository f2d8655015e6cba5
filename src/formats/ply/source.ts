import type { Provenance } from "../../scene/document.ts";
import type { ShDegree } from "../../scene/attributes.ts";
import type { Column } from "./columns.ts";
import type { PlyElement, PlyHeader } from "./header.ts";

export const PLY_ID = "ply";

/** The file a scene came from, and where in it everything lies. */
export interface PlySource {
  readonly bytes: Uint8Array;
  readonly header: PlyHeader;
  /** The element that holds the splats, and its index in the header. */
  readonly vertex: PlyElement;
  readonly vertexIndex: number;
  readonly columns: readonly Column[];
  readonly shDegree: ShDegree;
  /** Byte range of the splat records. */
  readonly start: number;
  readonly end: number;
  /** End of every record's line in an ASCII file. */
  readonly lineEnds?: Float64Array;
  /** Where the last declared element ends; what follows, the header does not know of. */
  readonly elementsEnd: number;
}

export function plySourceOf(provenance: Provenance | undefined): PlySource | undefined {
  return provenance?.format === PLY_ID ? (provenance.source as PlySource) : undefined;
}
