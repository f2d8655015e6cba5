/** Pictures of a scene from all around it, before and after an edit. */
import { join } from "node:path";
import type { Camera, Vec3 } from "../camera/camera.ts";
import { framingDistance, pinhole } from "../camera/intrinsics.ts";
import { orbitPose } from "../camera/orbit.ts";
import { imagePicture } from "../edit/pictures.ts";
import type { RgbaPicture } from "../edit/pictures.ts";
import type { EditSettings } from "../edit/settings.ts";
import { setStage } from "../edit/stage.ts";
import { rasterProbe } from "../edit/view-probe.ts";
import type { Gpu } from "../gpu/device.ts";
import { readFloats } from "../gpu/readback.ts";
import type { Rasterizer } from "../raster/rasterizer.ts";
import type { Sphere } from "../scene/bounds.ts";
import type { SceneDocument } from "../scene/document.ts";
import type { SplatBuffers } from "../scene/splat-buffers.ts";
import { contactSheet, writePng } from "./contact-sheet.ts";

/** Views around the focus, one row of each elevation. */
const AZIMUTHS = 8;
const ELEVATION = 22; // degrees
const FOV = 45; // degrees
const DISTANCE = 1.2; // in framing distances

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Cameras at equal angles around a sphere. */
export function camerasAround(focus: Sphere, up: Vec3, size: number): Camera[] {
  const lens = pinhole(size, size, radians(FOV));
  const distance = DISTANCE * focus.radius * framingDistance(lens);
  return Array.from({ length: AZIMUTHS }, (_, i) => {
    const azimuth = (2 * Math.PI * i) / AZIMUTHS;
    const orbit = { target: focus.center, azimuth, elevation: radians(ELEVATION), distance };
    return { ...lens, near: 0.02 * distance, worldToCamera: orbitPose(orbit, up) };
  });
}

export interface Photographer {
  /** Writes `before.png`. */
  before(): Promise<void>;
  /** Writes `after.png`, and `both.png` with the one above the other. */
  after(): Promise<void>;
}

export interface Studio {
  readonly gpu: Gpu;
  readonly rasterizer: Rasterizer;
  readonly document: SceneDocument;
  readonly settings: EditSettings;
  /** The scene as it is at the moment of each picture. */
  readonly buffers: SplatBuffers;
}

/** Looks where the edit looks. */
export async function createPhotographer(studio: Studio, folder: string): Promise<Photographer> {
  const { gpu, rasterizer, document, settings, buffers } = studio;
  const { splats, metadata } = document;
  const antialias = metadata.antialiased;
  const views = { ...settings.views, count: 1 };
  const probe = rasterProbe(gpu, rasterizer, { splats: buffers, antialias });
  const { focus, up } = await setStage(splats, { ...settings, views }, metadata, probe);
  const cameras = camerasAround(focus, up, settings.size);

  const shoot = async (): Promise<RgbaPicture[]> => {
    const pictures: RgbaPicture[] = [];
    for (const camera of cameras) {
      const { background } = settings;
      const { out } = await rasterizer.renderComplete({ splats: buffers, camera, background, antialias });
      const { width, height, buffer } = out.image;
      pictures.push(imagePicture(await readFloats(gpu, buffer, 3 * width * height), width, height));
    }
    return pictures;
  };
  let earlier: RgbaPicture[] = [];
  return {
    async before() {
      earlier = await shoot();
      await writePng(join(folder, "before.png"), contactSheet([earlier]));
    },
    async after() {
      const later = await shoot();
      await writePng(join(folder, "after.png"), contactSheet([later]));
      await writePng(join(folder, "both.png"), contactSheet([earlier, later]));
    },
  };
}
