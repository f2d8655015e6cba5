/** The networks that say what a picture shows and how well words fit it. They never see a method or its model. */
import { isAbsolute, join, resolve } from "node:path";
import { ATTRIBUTE_NAMES, ATTRIBUTE_WORDS } from "../../cli/scenes/attributes.ts";
import type { Attributes } from "../../cli/scenes/attributes.ts";
import { assert } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import { diskFolder } from "../../diffusion/folder-source.node.ts";
import { readJson } from "../../diffusion/folder-source.ts";
import type { FolderSource } from "../../diffusion/folder-source.ts";
import { createSession } from "../../diffusion/session.ts";
import type { Session } from "../../diffusion/session.ts";
import { createTokenizer } from "../../diffusion/tokenizer.ts";
import type { Image } from "../../cli/object-views.ts";
import type { Twins } from "./readings.ts";

/** Side of the pictures it was trained on. */
export const JUDGED_SIZE = 128;

export interface Judge {
  /** Materials that natural objects of some kinds look like. */
  readonly twins: Twins;
  /** What each picture shows, as the classifier reads it. */
  read(images: readonly Image[]): Promise<Attributes[]>;
  /** Unit vectors, one for each picture, comparable with those of words. */
  embedImages(images: readonly Image[]): Promise<Float32Array[]>;
  embedText(text: string): Promise<Float32Array>;
  dispose(): Promise<void>;
}

const FILES = { classifier: "classifier.onnx", images: "image_tower.onnx", text: "text_tower.onnx" } as const;
export const JUDGE_FILES: readonly string[] = [...Object.values(FILES), "judge.json"];

/** The files of a folder that a judge needs and that are not there. */
export async function missingFiles(source: FolderSource): Promise<readonly string[]> {
  const there = await Promise.all(JUDGE_FILES.map((file) => source.has(file)));
  return JUDGE_FILES.filter((_, i) => !there[i]);
}

/**
 * @param tokenizerFolder has the tokenizer that the text tower was trained with
 * Throws a UserError for a folder without a judge, or with one of another world.
 */
export async function loadJudge(folder: string, tokenizerFolder: string): Promise<Judge> {
  const source = diskFolder(folder);
  const missing = await missingFiles(source);
  if (missing.length > 0) {
    throw new UserError(
      `The judge's folder “${isAbsolute(folder) ? folder : resolve(folder)}” has no ${missing.join(", no ")}.`,
      "Give the folder of a trained judge with --judge.",
    );
  }
  const twins = await readCard(source);
  const open = async (file: string): Promise<Session> =>
    createSession(await source.read(file), { name: file, provider: "wasm" });
  const [classifier, images, text] = [
    await open(FILES.classifier),
    await open(FILES.images),
    await open(FILES.text),
  ];
  const tokenizer = await openTokenizer(tokenizerFolder, text);
  const texts = new Map<string, Float32Array>();

  return {
    twins,
    async read(batch) {
      const { cpu } = await classifier.run({ image: imageFeed(batch) });
      return batch.map((_, i) => {
        const words = ATTRIBUTE_NAMES.map((name) => {
          const choices = ATTRIBUTE_WORDS[name];
          return [name, choices[largest(rowOf(cpu[name]!.data, i, choices.length))]!];
        });
        return Object.fromEntries(words) as Attributes;
      });
    },
    async embedImages(batch) {
      const { data, dims } = (await images.run({ image: imageFeed(batch) })).cpu["embedding"]!;
      return batch.map((_, i) => rowOf(data, i, dims[1]!));
    },
    async embedText(prompt) {
      const known = texts.get(prompt);
      if (known) return known;
      const { ids } = tokenizer.encode(prompt);
      const { cpu } = await text.run({ input_ids: { data: ids, dims: [1, ids.length] } });
      const embedding = cpu["embedding"]!.data;
      texts.set(prompt, embedding);
      return embedding;
    },
    async dispose() {
      for (const session of [classifier, images, text]) await session.dispose();
    },
  };
}

/** Pictures in [0, 1] as the networks take them: [B, 3, size, size] in [−1, 1]. */
function imageFeed(images: readonly Image[]) {
  const pixels = 3 * JUDGED_SIZE ** 2;
  const data = new Float32Array(images.length * pixels);
  images.forEach((image, i) => {
    assert(image.length === pixels, `judge: got a picture of ${image.length} values, expected ${pixels}`);
    data.set(
      image.map((value) => 2 * value - 1),
      i * pixels,
    );
  });
  return { data, dims: [images.length, 3, JUDGED_SIZE, JUDGED_SIZE] };
}

const rowOf = (data: Float32Array, row: number, width: number): Float32Array =>
  data.slice(row * width, (row + 1) * width);

const largest = (values: Float32Array): number =>
  values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);

/** The twins, after checking that the classifier's outputs mean what we take them for. */
async function readCard(source: FolderSource): Promise<Twins> {
  const card = (await readJson(source, "judge.json")) as {
    readonly attributes?: Readonly<Record<string, unknown>>;
    readonly natural_looks_like?: Twins;
  };
  for (const name of ATTRIBUTE_NAMES) {
    if (JSON.stringify(card.attributes?.[name]) === JSON.stringify(ATTRIBUTE_WORDS[name])) continue;
    throw new UserError(
      `The judge's words for ${name} are not those of this world (${ATTRIBUTE_WORDS[name].join(", ")}).`,
      "Train the judge again.",
    );
  }
  return card.natural_looks_like ?? {};
}

async function openTokenizer(folder: string, text: Session) {
  const source = diskFolder(folder);
  const [tokenizer, config] = await Promise.all([
    readJson(source, "tokenizer.json"),
    readJson(source, "tokenizer_config.json"),
  ]);
  const length = text.inputs[0]!.dims[1];
  return createTokenizer({ tokenizer, config }, typeof length === "number" ? length : undefined);
}

/** Everything that decides what a judge in this folder says. */
export const judgeFiles = (folder: string): readonly string[] =>
  JUDGE_FILES.map((file) => join(folder, file));
