import { afterEach, describe, expect, test } from "vitest";
import { UserError } from "../core/errors.ts";
import { WHOLE_MODEL } from "./layout.ts";
import { parseLocation } from "./location.ts";
import { probe } from "./probe.ts";
import { COMMIT, sha256Of, startHub } from "./testing/hub-server.node.ts";
import type { Files, HubServer, HubServerOptions } from "./testing/hub-server.node.ts";
import { graphOf, modelFiles } from "./testing/model-files.ts";

let server: HubServer | undefined;
afterEach(() => server?.close());

async function offerOf(
  files: Files,
  options: HubServerOptions = {},
  name = "owner/name",
  purpose = WHOLE_MODEL,
) {
  server = await startHub(files, options);
  return probe({ fetch, hub: server.url }, parseLocation(name, server.url), purpose);
}
async function complaint(files: Files, options?: HubServerOptions, name?: string): Promise<UserError> {
  const error: unknown = await offerOf(files, options, name).then(
    () => expect.unreachable(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).hint).not.toBe("");
  return error as UserError;
}
const without = (...paths: string[]): Files =>
  Object.fromEntries(Object.entries(modelFiles()).filter(([path]) => !paths.includes(path)));

describe("on the hub", () => {
  test("all is known before a byte of weights: files, sizes, hashes, licence, and a commit to hold on to", async () => {
    const files = modelFiles();
    const offer = await offerOf(files, { cardData: { license: "creativeml-openrail-m" }, pageSize: 3 });
    const weights = offer.files.find(({ path }) => path === "unet/weights.pb")!;
    expect(weights).toEqual({
      path: "unet/weights.pb",
      url: `${server!.url}/owner/name/resolve/${COMMIT}/unet/weights.pb`,
      bytes: (files["unet/weights.pb"] as Uint8Array).length,
      sha256: sha256Of(files["unet/weights.pb"] as Uint8Array),
    });
    expect(offer.files.map(({ path }) => path)).not.toContain("safety_checker/model.onnx");
    expect(offer.bytes).toBe(offer.files.reduce((sum, { bytes }) => sum + bytes!, 0));
    expect(offer.licence).toMatchObject({ name: "CreativeML OpenRAIL-M", address: expect.any(String) });
    expect(server!.log.filter(({ path }) => path.endsWith("weights.pb"))).toEqual([]);
    expect(structuredClone(offer)).toEqual(offer);
  });

  test("a licence of the publisher's own is named and linked", async () => {
    const cardData = { license: "other", license_name: "house-rules", license_link: "LICENSE.md" };
    const { licence } = await offerOf(modelFiles(), { cardData });
    expect(licence).toEqual({
      name: "house-rules",
      address: `${server!.url}/owner/name/blob/main/LICENSE.md`,
    });
  });

  test("a folder of a repository", async () => {
    const files = Object.fromEntries(
      Object.entries(modelFiles()).map(([path, file]) => [`a b/${path}`, file]),
    );
    const offer = await offerOf({ ...files, "unet/model.onnx": "x" }, {}, "owner/name/a b@fp16");
    expect(offer.id).toBe("owner/name/a b@fp16");
    expect(offer.files[0]!.url).toContain("/a%20b/");
  });

  test("weights in many files named by the graph alone", async () => {
    const graph = graphOf("unet", { location: "onnx__MatMul_1", count: 1 });
    const { files } = await offerOf({
      ...without("unet/weights.pb"),
      "unet/model.onnx": graph,
      "unet/onnx__MatMul_1": "abcd",
    });
    expect(files.map(({ path }) => path)).toContain("unet/onnx__MatMul_1");
  });
});

describe("on a server without a listing", () => {
  test("files are asked for one by one, and for weights the graphs are read", async () => {
    const files = modelFiles();
    server = await startHub({
      ...files,
      "unet/model.onnx": graphOf("unet", { location: "odd.bin", count: 1 }),
      "unet/odd.bin": "abcd",
    });
    const offer = await probe(
      { fetch, hub: server.url },
      { kind: "address", url: `${server.url}/owner/name/resolve/main/` },
    );
    expect(offer.files.map(({ path }) => path).sort()).toEqual(
      [...Object.keys(without("safety_checker/model.onnx", ".gitattributes")), "unet/odd.bin"].sort(),
    );
    expect(offer.files.find(({ path }) => path === "unet/odd.bin")).toMatchObject({ bytes: 4 });
  });

  test("a mirror of the hub without its interface serves as well", async () => {
    const { files } = await offerOf(modelFiles(), { noApi: true });
    expect(files.map(({ path }) => path)).toContain("unet/weights.pb");
  });

  test("one that answers everything with its page holds no model", async () => {
    const page = () => Promise.resolve(new Response("<html>", { headers: { "Content-Type": "text/html" } }));
    await expect(
      probe({ fetch: page, hub: "https://h" }, parseLocation("https://a.example/b")),
    ).rejects.toThrow(/Nothing of a model was found/);
  });
});

describe("what is wrong is said in words before any weights are fetched", () => {
  test("everything that is missing, at once", async () => {
    const { message } = await complaint(without("vae_encoder/model.onnx", "tokenizer/merges.txt"));
    expect(message).toMatch(/owner\/name has no vae_encoder\/model\.onnx, no tokenizer/);
    expect(message).not.toContain("vae_decoder");
  });

  test("weights that a graph names and nobody has", async () => {
    expect((await complaint(without("unet/weights.pb"))).message).toContain("unet/weights.pb");
  });

  test.each([
    ["model_index.json", { _class_name: "StableDiffusionXLPipeline" }, /an SDXL model/],
    ["model_index.json", { _class_name: "OnnxLatentConsistencyModelPipeline" }, /latent consistency/],
    ["unet/config.json", { addition_embed_type: "text_time" }, /an SDXL model/],
    ["unet/config.json", { in_channels: 9 }, /inpainting/],
  ])("a model of another kind: %s %j", async (path, json, says) => {
    expect((await complaint({ ...modelFiles(), [path]: JSON.stringify(json) })).message).toMatch(says);
  });

  test("a network in another's place", async () => {
    const { message } = await complaint({ ...modelFiles(), "unet/model.onnx": graphOf("vae_encoder") });
    expect(message).toContain("unet/model.onnx");
  });

  test("pointers of Git LFS in place of networks", async () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n";
    expect((await complaint({ ...modelFiles(), "vae_encoder/model.onnx": pointer })).message).toMatch(
      /Git LFS pointers in place of vae_encoder/,
    );
  });

  test("a config that is no JSON", async () => {
    expect((await complaint({ ...modelFiles(), "model_index.json": "{" })).message).toContain(
      "model_index.json",
    );
  });

  test("a repository that is not there", async () => {
    expect((await complaint(modelFiles(), {}, "nobody/nothing")).message).toMatch(/no such repository/);
  });

  test("a gated one", async () => {
    const error = await complaint(modelFiles(), { gated: true });
    expect(error.message).toContain("gated");
    expect(error.hint).toContain("agreed to terms");
  });

  test("a server that cannot be reached", async () => {
    const refused = () => Promise.reject(new TypeError("fetch failed"));
    await expect(probe({ fetch: refused, hub: "https://h" }, parseLocation("owner/name"))).rejects.toThrow(
      /could not be reached/,
    );
  });
});
