import { expect, test } from "vitest";
import { catalogue, checkCatalogue, entryFor, findOffer, vouched } from "./catalogue.ts";
import { startHub } from "./testing/hub-server.node.ts";
import { modelFiles } from "./testing/model-files.ts";

test("every entry is complete and well-formed", () => {
  expect(catalogue.length).toBeGreaterThan(3);
  expect(catalogue.map(({ purpose }) => purpose)).toContain("codec");
});

test("what is not is named", () => {
  const [entry] = catalogue;
  const broken = (change: object) => () => checkCatalogue({ format: 1, models: [{ ...entry, ...change }] });
  expect(broken({})).not.toThrow();
  expect(broken({ location: "nowhere" })).toThrow();
  expect(broken({ location: "https://huggingface.co/owner/name" })).toThrow(/location/); // as short as can be
  expect(broken({ bytes: "2 GB" })).toThrow(/bytes/);
  expect(broken({ licence: { name: "MIT", address: "mit.txt" } })).toThrow(/licence/);
  expect(broken({ sha256: { "unet/model.onnx": "abc" } })).toThrow(/sha256/);
  expect(broken({ colour: "red" })).toThrow(/colour/);
  expect(() => checkCatalogue({ format: 1, models: [entry, entry] })).toThrow(/share/);
});

test("an entry is found by its id and by any way to write its place", () => {
  const [entry] = catalogue;
  const [repository, revision] = entry!.location.split("@");
  for (const text of [
    entry!.id,
    ` ${entry!.location}`,
    repository!,
    `https://huggingface.co/${repository}/tree/main`,
    `https://huggingface.co/${repository}/tree/${revision}`,
  ])
    expect(entryFor(text)).toBe(entry);
  expect(entryFor(`${repository}@other`)).toBeUndefined();
  expect(entryFor("owner/name")).toBeUndefined();
  expect(entryFor("?")).toBeUndefined();
});

test("its licence and title go with the offer", async () => {
  const entry = entryFor("sd21-base")!;
  const hub = await startHub(modelFiles(), { repository: entry.location });
  const offer = await findOffer({ fetch, hub: hub.url }, "sd21-base");
  expect(offer).toMatchObject({ id: entry.location, title: entry.title, licence: entry.licence });

  const known = offer.files.find(({ path }) => path === "unet/weights.pb")!.sha256!;
  expect(vouched(offer, { ...entry, sha256: { "unet/weights.pb": known } }).files).toEqual(offer.files);
  const other = { ...entry, sha256: { "unet/weights.pb": "0".repeat(64) } };
  expect(() => vouched(offer, other)).toThrow(
    /has changed since it was entered in the catalogue: unet\/weights.pb/,
  );
  await hub.close();
});

test("one whose revision is known is asked for in that revision, and refused where files differ from what they were", async () => {
  const [repository, revision] = entryFor("sd15")!.location.split("@");
  const hub = await startHub(modelFiles(), { repository: repository! });
  await expect(findOffer({ fetch, hub: hub.url }, repository!)).rejects.toThrow(
    /has changed since .* unet\/model\.onnx/,
  );
  expect(hub.log.map(({ path }) => path)).toContain(`/api/models/${repository}/revision/${revision}`);
  await hub.close();
});
