import { expect, test } from "vitest";
import { createResidency } from "./residency.ts";

/** Networks that note when they are loaded, run and given back. */
function networks(alternating: () => readonly string[]) {
  const residency = createResidency(alternating);
  const log: string[] = [];
  const loaded = new Set<string>();
  const network = (name: string) => {
    const dispose = async () => {
      loaded.delete(name);
      log.push(`-${name}`);
    };
    return () =>
      residency.run(name, dispose, async () => {
        await Promise.resolve();
        loaded.add(name);
        log.push([...loaded].sort().join(" "));
      });
  };
  return { log, unet: network("unet"), encoder: network("encoder"), decoder: network("decoder") };
}

test("those that alternate give way to one another, others stay", async () => {
  const { log, unet, encoder, decoder } = networks(() => ["encoder", "decoder"]);
  for (const run of [encoder, unet, encoder, decoder, unet]) await run();
  expect(log).toEqual([
    "encoder",
    "encoder unet",
    "encoder unet",
    "-encoder",
    "decoder unet",
    "decoder unet",
  ]);
});

test("also when asked for at once", async () => {
  const { log, encoder, decoder } = networks(() => ["encoder", "decoder"]);
  await Promise.all([encoder(), decoder(), encoder(), decoder()]);
  expect(log).toEqual(["encoder", "-encoder", "decoder", "-decoder", "encoder", "-encoder", "decoder"]);
});

test("what stayed gives way once it no longer may", async () => {
  let alternating: readonly string[] = [];
  const { log, unet, encoder, decoder } = networks(() => alternating);
  for (const run of [unet, encoder, decoder]) await run();
  alternating = ["encoder", "decoder"];
  await encoder();
  expect(log.slice(3)).toEqual(["-decoder", "encoder unet"]);
});
