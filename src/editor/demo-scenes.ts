import type { Vec3 } from "../camera/camera.ts";
import { UserError } from "../core/errors.ts";

/** A prompt pair that is known to work on a scene. */
export interface DemoEdit {
  readonly source: string;
  readonly target: string;
}

/** One row of `scenes/scenes.json`, which the scene-making script writes. */
export interface DemoScene {
  readonly id: string;
  readonly name: string;
  /** Beside `scenes.json`. */
  readonly file: string;
  /** A picture of it, beside the file. */
  readonly thumbnail: string;
  /** A prompt that describes the scene. */
  readonly source: string;
  readonly up: Vec3;
  /** Where the object is. */
  readonly region: { readonly center: Vec3; readonly radius: number };
  readonly edits: readonly DemoEdit[];
}

const FOLDER = "scenes/";

/** The list of scenes that come with the page. */
export async function fetchDemoScenes(baseUrl: string): Promise<readonly DemoScene[]> {
  const response = await get(new URL(`${FOLDER}scenes.json`, baseUrl));
  return ((await response.json()) as { readonly scenes: readonly DemoScene[] }).scenes;
}

export async function fetchDemoScene(baseUrl: string, scene: DemoScene): Promise<ArrayBuffer> {
  return (await get(new URL(FOLDER + scene.file, baseUrl))).arrayBuffer();
}

async function get(url: URL): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new UserError(
      `“${url.pathname}” could not be loaded (${response.status} ${response.statusText}).`,
      "Reload the page. If that does not help, the server does not have the whole of Splatsmith.",
    );
  }
  return response;
}
