import { UserError } from "../core/errors.ts";
import type { FolderSource } from "./folder-source.ts";
import { readJsonIfThere, readText } from "./folder-source.ts";
import { readAdvice, type PresetAdvice } from "./preset-advice.ts";
import type { ModelFamily } from "./presets.ts";

/** A pair of prompts that is known to work. */
export interface ExampleEdit {
  readonly source: string;
  readonly target: string;
}

/** What a front end shows of a model, and the presets it is for. */
export interface ModelCard {
  readonly name: string;
  readonly description: string | undefined;
  readonly licence: string | undefined;
  readonly family: ModelFamily;
  /** Side of the pictures it was trained on, where its card tells. */
  readonly resolution: number | undefined;
  readonly examples: readonly ExampleEdit[];
  /** Presets for edits of some kind, where its card names any. */
  readonly advice: readonly PresetAdvice[];
}

const CARD = "splatsmith.json";

/** From `splatsmith.json`, which folders made for this app have; else from the front matter of a hub's README. */
export async function readModelCard(source: FolderSource): Promise<ModelCard> {
  const json = (await readJsonIfThere(source, CARD)) ?? {};
  const text = (key: string): string | undefined => (typeof json[key] === "string" ? json[key] : undefined);
  return {
    name: text("name") ?? source.name,
    description: text("description"),
    licence: text("licence") ?? (await hubLicence(source)),
    family: text("family") === "embedded" ? "embedded" : "sd",
    resolution: resolutionOf(json["resolution"]),
    examples: Array.isArray(json["examples"]) ? json["examples"].filter(isExample) : [],
    advice: readAdvice(json["vocabulary"], json["presetFor"]),
  };
}

function resolutionOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw new UserError(
    `${CARD} of the model folder has a resolution that is no number of pixels.`,
    `Check ${CARD}.`,
  );
}

const isExample = (value: unknown): value is ExampleEdit =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as ExampleEdit).source === "string" &&
  typeof (value as ExampleEdit).target === "string";

async function hubLicence(source: FolderSource): Promise<string | undefined> {
  if (!(await source.has("README.md"))) return undefined;
  const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---/.exec(await readText(source, "README.md"))?.[1];
  return /^license:\s*(\S.*?)\s*$/m.exec(frontMatter ?? "")?.[1];
}
