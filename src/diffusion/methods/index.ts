import { registry } from "../../core/registry.ts";
import { csd } from "./csd.ts";
import { dds } from "./dds.ts";
import type { Method } from "./method.ts";
import { pds } from "./pds.ts";
import { sdsPix2pix, ssdPix2pix } from "./pix2pix.ts";
import { sds } from "./sds.ts";
import { ssd } from "./ssd.ts";

export const methods = registry<Method>("method", [ssd, dds, pds, csd, sds, ssdPix2pix, sdsPix2pix]);
