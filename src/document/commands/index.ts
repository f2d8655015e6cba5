/** Everything a user can do to a document. */
import { registry } from "../../core/registry.ts";
import * as layers from "./layers.ts";
import * as select from "./select.ts";
import * as visibility from "./visibility.ts";

/** In the order of menus. A file's exports are its commands. */
const FAMILIES = [select, visibility, layers] as const;

export const commands = registry(
  "command",
  FAMILIES.flatMap((family) => Object.values(family)),
);
