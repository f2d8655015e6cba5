import { registry } from "../../core/registry.ts";
import { orbit } from "./orbit.ts";
import type { ViewSampler } from "./sampler.ts";

export const viewSamplers = registry<ViewSampler>("view sampler", [orbit]);
