/** Everything a user can do to a document. */
import { registry } from "../../core/registry.ts";
import * as edits from "./edits.ts";
import * as floaters from "./floaters.ts";
import * as grade from "./grade.ts";
import * as layers from "./layers.ts";
import * as pieces from "./pieces.ts";
import * as like from "./select-like.ts";
import * as volume from "./select-volume.ts";
import * as select from "./select.ts";
import * as sets from "./sets.ts";
import * as transform from "./transform.ts";
import * as visibility from "./visibility.ts";

/** In the order of menus. A file's exports are its commands. */
const FAMILIES = [
  select,
  like,
  volume,
  sets,
  visibility,
  layers,
  pieces,
  transform,
  grade,
  floaters,
  edits,
] as const;

export const commands = registry(
  "command",
  FAMILIES.flatMap((family) => Object.values(family)),
);
