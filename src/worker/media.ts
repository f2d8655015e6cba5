/** Pictures and films of the scene, as files. */
import type { Camera } from "../camera/camera.ts";
import { resized } from "../camera/intrinsics.ts";
import { carriedAround } from "../camera/pose.ts";
import { UserError } from "../core/errors.ts";
import type { Frame } from "../document/document.ts";
import { encoded } from "./encoded-picture.ts";
import type { PictureRequest, SavedScene, TurntableRequest } from "./protocol.ts";
import type { SceneView } from "./scene-view.ts";
import { openFilm } from "./film.ts";

export interface MediaHost {
  /** Throws a UserError while there is no GPU. */
  view(): SceneView;
  /** The camera the page looks through; throws a UserError while there is none. */
  camera(): Camera;
  frame(): Frame;
  /** What files are called, without an extension. */
  stem(): string;
  /** A film is so far, from 0 to 1. */
  onFilmed(share: number): void;
}

/** The camera's picture with another longer side, pixels. */
function sized(camera: Camera, longSide: number, isEven = false): Camera {
  const scale = longSide / Math.max(camera.width, camera.height);
  // Video encoders take pixels by twos.
  const side = (pixels: number): number =>
    isEven ? 2 * Math.max(1, Math.round((scale * pixels) / 2)) : Math.max(1, Math.round(scale * pixels));
  return resized(camera, side(camera.width), side(camera.height));
}

export async function savePicture(host: MediaHost, request: PictureRequest): Promise<SavedScene> {
  const still = await host.view().still(sized(host.camera(), request.longSide), request.isCutOut);
  const { buffer } = await encoded(still, "image/png");
  return { name: `${host.stem()}.png`, bytes: buffer };
}

/** One turn about the scene's upright axis. Ends early, with an AbortError, when told to. */
export async function saveTurntable(
  host: MediaHost,
  { longSide, seconds, fps }: TurntableRequest,
  signal: AbortSignal,
): Promise<SavedScene> {
  const frames = Math.round(seconds * fps);
  if (frames < 2) throw new UserError("That is no film: it has a single frame.", "Make it longer.");
  const camera = sized(host.camera(), longSide, true);
  const { up, focus } = host.frame();
  const film = await openFilm(camera.width, camera.height, fps);
  try {
    for (let i = 0; i < frames; i++) {
      signal.throwIfAborted();
      const angle = (2 * Math.PI * i) / frames;
      const worldToCamera = carriedAround(camera.worldToCamera, focus.center, up, angle);
      await film.add(await host.view().still({ ...camera, worldToCamera }, false));
      host.onFilmed((i + 1) / frames);
    }
    const { bytes, extension } = await film.finish();
    return { name: `${host.stem()}-turntable${extension}`, bytes };
  } catch (error) {
    await film.cancel();
    throw error;
  }
}
