import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { checkWritable, readBytes, writeBytes, writeText } from "./files.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "splatsmith-files-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fails = async (work: Promise<unknown>, says: RegExp): Promise<void> => {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toMatch(says);
};

it("writes files with their folders, replaces them, and reads them back", async () => {
  const path = join(folder, "a/b/c.bin");
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i);
  await checkWritable(path);
  await writeBytes(path, new Uint8Array([9]));
  await writeBytes(path, bytes);
  expect(Buffer.compare(await readBytes(path), bytes)).toBe(0);
  expect(await readdir(join(folder, "a/b"))).toEqual(["c.bin"]);
  await writeText(path, "Grüße\n");
  expect(await readFile(path, "utf8")).toBe("Grüße\n");
});

it("says what is wrong with a path", async () => {
  await fails(readBytes(join(folder, "nothing.ply")), /Cannot read “.*nothing\.ply”: there is no such file/);
  await fails(readBytes(folder), /it is a folder/);
  await fails(checkWritable(folder), /Cannot write.*it is a folder/);
  await writeText(join(folder, "file"), "x");
  await fails(writeText(join(folder, "file/inside.ply"), "x"), /Cannot write/);
});

it("leaves no half file behind when it fails", async () => {
  await fails(writeBytes(folder, new Uint8Array(10)), /Cannot write/);
  const parent = join(folder, "..");
  expect((await readdir(parent)).filter((name) => name.endsWith(".part"))).toEqual([]);
});
