/** What `npm run models` does. */
import { Command, Option } from "commander";
import { UserError } from "../core/errors.ts";
import { bytesInWords } from "../formats/words.ts";
import { catalogue, idFor } from "../models/catalogue.ts";
import { createDownloadProgress } from "./download-progress.ts";
import { stage } from "./exit.ts";
import type { ExitReason } from "./exit.ts";
import { cacheFolder, fetchModel, net, openCache } from "./model-cache.ts";
import type { Interrupts } from "./program.ts";

interface GetOptions {
  readonly precision?: "fp16" | "fp32";
  readonly acceptLicence?: boolean;
  readonly quiet?: boolean;
}

/** @param end says how the program shall end, other than well */
export function modelsCommand(interrupts: Interrupts, end: (reason: ExitReason) => void): Command {
  const models = new Command("models")
    .description(
      `Models for npm run edit. They are kept in ${cacheFolder()} (SPLATSMITH_MODELS names another).`,
    )
    .addHelpText(
      "after",
      `\nA <model> is an id of the catalogue, owner/name[/folder][@revision] on the hub, or a web address.`,
    )
    .exitOverride();
  const cache = openCache();
  const command = (name: string, description: string): Command =>
    models.command(name).description(description).exitOverride();

  command("catalog", "public models that should work").action(() => console.log(catalogueInWords()));
  command("list", "models on this machine").action(async () => {
    const stored = await cache.list();
    const lines = stored.map(({ id, state, bytes, total, licence }) => {
      const size =
        state === "partial" ? `${bytesInWords(bytes)} of ${bytesInWords(total)}` : bytesInWords(bytes);
      return [id, state, size, licence?.name].filter(Boolean).join("  ");
    });
    console.log(lines.length ? lines.join("\n") : "There are none. See: npm run models -- catalog");
  });
  command("get", "fetches a model, or goes on with one")
    .argument("<model>")
    .addOption(
      new Option("--precision <name>", "edition to fetch where there are both").choices(["fp16", "fp32"]),
    )
    .option("--accept-licence", "agree to its licence")
    .option("-q, --quiet", "no progress bar")
    .action(async (text: string, { precision: prefer, acceptLicence = false, quiet = false }: GetOptions) => {
      const id = await stage("badInput", () =>
        fetchModel(cache, text, { prefer, acceptLicence, quiet, interrupts }),
      );
      console.error(`Done    ${id}`);
    });
  command("verify", "reads a model's files and compares them with their hashes")
    .argument("<model>")
    .action(async (text: string) => {
      const progress = createDownloadProgress();
      interrupts.onRequest(() => void cache.pause(idOf(text)));
      const verdicts = await stage("badInput", () => cache.verify(idOf(text), progress.update)).finally(
        progress.stop,
      );
      const bad = verdicts.filter(({ state }) => state !== "good");
      for (const { path, state } of bad) console.log(`${path} is ${state}`);
      console.log(bad.length ? "Get it again to mend it." : `All ${verdicts.length} files are good.`);
      if (bad.length) end("badInput");
    });
  command("delete", "deletes a model from this machine")
    .argument("<model>")
    .action(async (text: string) => {
      const id = idOf(text);
      await stage("badInput", async () => {
        const found = (await cache.list()).find((model) => model.id === id);
        if (!found) throw new UserError(`${id} is not stored.`, "See what is: npm run models -- list");
        await cache.delete(id);
        console.error(`Deleted ${id}: ${bytesInWords(found.bytes)}`);
      });
    });
  return models;
}

const idOf = (text: string): string => idFor(text, net().hub);

const catalogueInWords = (): string =>
  catalogue
    .map(({ id, title, description, location, bytes, language, licence }) => {
      const facts = [
        location,
        bytes && `about ${bytesInWords(bytes)}`,
        language && `${language} prompts`,
        licence?.name,
      ];
      return `${id}  ${title}\n    ${description}\n    ${facts.filter(Boolean).join(" · ")}`;
    })
    .join("\n\n");
