import { describe, expect, it } from "vitest";
import { openModelFolder } from "./model-folder.ts";
import type { ModelFolder, PartLoader } from "./model-folder.ts";
import type { Part } from "./ports.ts";
import { resolutionsOf } from "./resolutions.ts";
import { exportedFolder } from "./testing/exports.ts";

async function loader<P extends Part>(folder: ModelFolder, part: P): Promise<PartLoader<P>> {
  return { ports: (await folder.graph(part)).ports, load: () => folder.graph(part) };
}

async function resolutions(name: string) {
  const folder = await openModelFolder(exportedFolder(name));
  const parts = { unet: await loader(folder, "unet"), encoder: await loader(folder, "vae_encoder") };
  return resolutionsOf(folder, parts).resolutions;
}

describe("the resolutions of an export", () => {
  it("are one where the tool wrote its example's size into the graph, its inputs open or not", async () => {
    expect(await resolutions("sd15-dynamo")).toEqual({ resolution: 64, resolutions: [64], isFixed: true });
  });

  it.each(["sd15-diffusers", "sd21-optimum"])("are open where the graph is: %s", async (name) => {
    expect(await resolutions(name)).toMatchObject({ isFixed: false });
  });
});
