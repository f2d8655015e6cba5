import { registry } from "../../core/registry.ts";
import type { Bridge } from "./bridge.ts";
import { decodeResidual } from "./decode-residual.ts";
import { exact } from "./exact.ts";

/** The first is the default where a model's preset names none. */
export const bridges = registry<Bridge>("bridge", [exact, decodeResidual]);
