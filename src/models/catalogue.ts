import json from "../../models/catalog.json";
import { assert } from "../core/assert.ts";
import { UserError } from "../core/errors.ts";
import { WHOLE_MODEL } from "./layout.ts";
import type { LayoutOptions, Purpose } from "./layout.ts";
import type { Licence } from "./licence.ts";
import { nameOf, parseLocation } from "./location.ts";
import type { Net } from "./net.ts";
import { probe } from "./probe.ts";
import type { Offer } from "./probe.ts";

/** A public model that should work, as `models/catalog.json` tells of it. */
export interface CatalogueEntry {
  /** What may be typed in place of its location. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** As `parseLocation` reads it, with a revision where one was tried. */
  readonly location: string;
  readonly purpose: Purpose;
  readonly precision: "fp16" | "fp32";
  /** Side of the pictures it was trained on. */
  readonly resolution?: number;
  /** About how much is fetched. */
  readonly bytes?: number;
  /** Of its prompts. */
  readonly language?: string;
  /** Absent where the publisher names none. */
  readonly licence?: Licence;
  /** SHA-256 in hexadecimal by path in the diffusers layout, where known. */
  readonly sha256?: Readonly<Record<string, string>>;
}

/** Throws when an entry is not what the interface says: the file is ours, so that is our mistake. */
export function checkCatalogue(value: { readonly format: number; readonly models: readonly unknown[] }) {
  assert(value.format === 1, `catalogue: format ${value.format}`);
  const models = value.models.map(checkEntry);
  for (const key of ["id", "location"] as const) {
    const values = models.map((entry) => entry[key]);
    assert(new Set(values).size === values.length, `catalogue: two entries share a ${key}`);
  }
  return models;
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === "string" && value.trim() !== "";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const isHash: Check = (value) => typeof value === "string" && /^[\da-f]{64}$/.test(value);
const isWebAddress: Check = (value) =>
  typeof value === "string" && /^https:\/\//.test(value) && URL.canParse(value);

const FIELDS: Readonly<Record<keyof CatalogueEntry, Check>> = {
  id: (value) => typeof value === "string" && /^[a-z\d][a-z\d-]*$/.test(value),
  title: isText,
  description: isText,
  location: (value) => typeof value === "string" && nameOf(parseLocation(value)) === value,
  purpose: (value) => value === "model" || value === "codec",
  precision: (value) => value === "fp16" || value === "fp32",
  resolution: optional(isCount),
  bytes: optional(isCount),
  language: optional(isText),
  licence: optional((value) => {
    const { name, address } = value as Licence;
    return isText(name) && optional(isWebAddress)(address);
  }),
  sha256: optional((value) => Object.values(value as object).every(isHash)),
};

function checkEntry(value: unknown): CatalogueEntry {
  const entry = value as CatalogueEntry;
  for (const [field, check] of Object.entries(FIELDS))
    assert(check(entry[field as keyof CatalogueEntry]), `catalogue: ${entry.id} has no good ${field}`);
  for (const field of Object.keys(entry))
    assert(field in FIELDS, `catalogue: ${entry.id} has a field ${field}`);
  return entry;
}

export const catalogue: readonly CatalogueEntry[] = checkCatalogue(json);

/**
 * The entry that a user means by its id, or by the place it is at: a repository without a revision is meant as it was
 * entered.
 */
export function entryFor(text: string, hub?: string): CatalogueEntry | undefined {
  const name = nameIfLocation(text, hub);
  const isAt = (location: string): boolean => location === name || location.split("@")[0] === name;
  return catalogue.find(({ id, location }) => id === text.trim() || isAt(location));
}

function nameIfLocation(text: string, hub?: string): string | undefined {
  try {
    return nameOf(parseLocation(text, hub));
  } catch {
    return undefined; // not a location; whoever asks for the model says so
  }
}

/** What a model is, or will be, stored under. Throws a UserError when the text can mean none. */
export const idFor = (text: string, hub?: string): string =>
  nameOf(parseLocation(entryFor(text, hub)?.location ?? text, hub));

export interface OfferOptions extends Partial<LayoutOptions> {
  readonly signal?: AbortSignal;
}

/**
 * Looks at what a user typed or pasted: an id of the catalogue, a repository of the hub, an address. Throws a UserError
 * in words when it cannot work.
 */
export async function findOffer(net: Net, text: string, options: OfferOptions = {}): Promise<Offer> {
  const entry = entryFor(text, net.hub);
  const location = parseLocation(entry?.location ?? text, net.hub);
  const purpose = options.purpose ?? entry?.purpose ?? WHOLE_MODEL.purpose;
  const prefer = options.prefer ?? entry?.precision ?? WHOLE_MODEL.prefer;
  const offer = await probe(net, location, { purpose, prefer }, options.signal);
  return entry ? vouched(offer, entry) : offer;
}

/** With what the catalogue knows. Throws a UserError when the publisher has replaced a file that it knows. */
export function vouched(offer: Offer, { title, licence, sha256 = {} }: CatalogueEntry): Offer {
  const replaced = offer.files.filter(
    ({ path, sha256: now }) => now !== undefined && sha256[path] !== undefined && now !== sha256[path],
  );
  if (replaced.length > 0) {
    throw new UserError(
      `${offer.id} has changed since it was entered in the catalogue: ${replaced.map(({ path }) => path).join(", ")}.`,
      "Give its address instead, if you trust it.",
    );
  }
  const files = offer.files.map((file) => ({
    ...file,
    ...(sha256[file.path] && { sha256: sha256[file.path] }),
  }));
  return { ...offer, title, files: files as Offer["files"], ...(licence && { licence }) };
}
