/**
 * `npm run make:scenes`: the scenes that come with the page. Renders each still life from all around, lifts the
 * pictures to splats, fits those, and writes them with a list and small pictures to public/scenes.
 */
import { Command } from "commander";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stage, usageError } from "./exit.ts";
import { writeText } from "./files.ts";
import { openProgramGpu } from "./gpu.ts";
import { runProgram } from "./program.ts";
import { root } from "./root.ts";
import { makeScene } from "./scenes/make-scene.ts";
import type { SceneEntry } from "./scenes/make-scene.ts";
import { recipes } from "./scenes/recipes.ts";
import { buildRenderer } from "./scenes/world.ts";
import { numberIn } from "./values.ts";

const ids = recipes.map(({ id }) => id);

const command = new Command("make:scenes")
  .description("Makes the scenes that come with the page, from the renderer of the embedded model's world.")
  .argument("[ids...]", `which of ${ids.join(", ")}`, ids)
  .option("-n, --steps <number>", "fitting steps", numberIn(0, 100_000, true), 400)
  .option("-o, --output <folder>", "where to", join(root, "public/scenes"))
  .parse();
const { steps, output } = command.opts<{ steps: number; output: string }>();
const wanted = command.processedArgs[0] as readonly string[];

await runProgram(async () => {
  const unknown = wanted.find((id) => !ids.includes(id));
  if (unknown) throw usageError(`There is no scene “${unknown}”; there are ${ids.join(", ")}.`);
  await stage("badInput", buildRenderer);
  const gpu = await openProgramGpu();
  for (const recipe of recipes.filter(({ id }) => wanted.includes(id))) {
    const made = await makeScene(gpu, recipe, { steps, folder: output });
    const entries = new Map([...listed(), made].map((entry) => [entry.id, entry]));
    const scenes = ids.flatMap((id) => entries.get(id) ?? []);
    await writeText(join(output, "scenes.json"), `${JSON.stringify({ scenes }, null, 2)}\n`);
  }
  return "ok";
});

/** The list as it is, so that one scene can be made anew. */
function listed(): readonly SceneEntry[] {
  const file = join(output, "scenes.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { scenes: SceneEntry[] }).scenes : [];
}
