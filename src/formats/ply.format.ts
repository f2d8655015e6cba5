import type { SceneFormat } from "./format.ts";
import { looksLikePly } from "./ply/header.ts";
import { readPly } from "./ply/read.ts";
import { PLY_ID } from "./ply/source.ts";
import { writePly } from "./ply/write.ts";

/** INRIA's 3D Gaussian splatting PLY: SH degree 0 to 3, ASCII and binary of both byte orders. */
const ply: SceneFormat = {
  id: PLY_ID,
  label: "Gaussian splat PLY",
  mediaType: "model/x-ply",
  extensions: ["ply"],
  sniff: looksLikePly,
  read: readPly,
  write: writePly,
};
export default ply;
