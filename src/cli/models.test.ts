/** `npm run models`, and a model fetched for `npm run edit`, from the outside: against a server on this machine. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createRng } from "../core/rng.ts";
import { exportedFiles } from "../diffusion/testing/exports.ts";
import { writePly } from "../formats/ply/write.ts";
import { hasGpu } from "../gpu/testing.ts";
import { WEIGHTS_BYTES, modelFiles } from "../models/testing/model-files.ts";
import { startHub } from "../models/testing/hub-server.node.ts";
import type { HubServer } from "../models/testing/hub-server.node.ts";
import { pointScene, shapes } from "../scene/testing/point-scene.ts";
import { EXIT } from "./exit.ts";

const launcher = fileURLToPath(new URL("launch.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "splatsmith-models-"));
const WEIGHTS = "unet/weights.pb";
let hub: HubServer;
let cache: string;
let count = 0;

beforeAll(async () => {
  hub = await startHub(modelFiles(), { cardData: { license: "mit" } });
});
beforeEach(() => {
  hub.trouble.clear();
  cache = join(folder, String(count++));
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(
  program: "models" | "edit" | "quantize",
  args: readonly string[],
  { interruptAt, endpoint = hub.url }: { interruptAt?: RegExp; endpoint?: string } = {},
) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    const { INIT_CWD: _, ...inherited } = process.env;
    const child = spawn(process.execPath, [launcher, `src/cli/${program}.ts`, ...args], {
      cwd: folder,
      env: { ...inherited, SPLATSMITH_MODELS: cache, HF_ENDPOINT: endpoint },
    });
    let [out, err, pressed] = ["", "", false];
    child.stdout.on("data", (chunk) => (out += String(chunk)));
    child.stderr.on("data", (chunk) => {
      err += String(chunk);
      if (!interruptAt?.test(err) || pressed) return;
      pressed = true;
      child.kill("SIGINT");
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
}
const models = (...args: string[]) => run("models", args);

describe("the models program", () => {
  it("fetches a model after its licence was agreed to, lists, checks and deletes it", async () => {
    const asked = await models("get", "owner/name");
    expect(asked.code).toBe(EXIT.badInput.code);
    expect(asked.err).toContain("--accept-licence");
    expect(asked.err).toContain("https://opensource.org/license/mit");

    const got = await models("get", "owner/name", "--accept-licence");
    expect(got.err).toContain("Done    owner/name");
    expect(got.code).toBe(EXIT.ok.code);
    expect((await models("list")).out).toMatch(/^owner\/name {2}complete {2}.* KiB {2}MIT/);

    const good = await models("verify", "owner/name");
    expect([good.code, good.out]).toEqual([EXIT.ok.code, expect.stringMatching(/All \d+ files are good/)]);
    rmSync(join(cache, "owner%2Fname/files", WEIGHTS));
    const bad = await models("verify", "owner/name");
    expect([bad.code, bad.out]).toEqual([
      EXIT.badInput.code,
      expect.stringContaining(`${WEIGHTS} is absent`),
    ]);

    expect((await models("delete", "owner/name")).code).toBe(EXIT.ok.code);
    expect(readdirSync(cache)).toEqual([]);
    expect((await models("delete", "owner/name")).code).toBe(EXIT.badInput.code);
  });

  it("pauses at Ctrl-C and goes on where it was", async () => {
    // A minute long: the line that names the file comes ten seconds after the first, in the middle of it.
    hub.trouble.set(WEIGHTS, { slow: WEIGHTS_BYTES / 60 });
    const get = ["get", "owner/name", "--accept-licence"];
    const paused = await run("models", get, { interruptAt: new RegExp(WEIGHTS) });
    expect(paused.code).toBe(EXIT.interrupted.code);
    expect(paused.err).toContain("Paused.");
    expect((await models("list")).out).toMatch(/partial {2}.* of /);
    hub.trouble.clear();
    hub.log.length = 0;
    expect((await models(...get)).code).toBe(EXIT.ok.code);
    expect(hub.log.filter(({ path }) => path.endsWith(WEIGHTS))).toMatchObject([
      { range: expect.stringMatching(/^bytes=[1-9]\d*-$/) as string },
    ]);
    const weights = readFileSync(join(cache, "owner%2Fname/files", WEIGHTS));
    expect(Buffer.compare(weights, modelFiles()[WEIGHTS] as Uint8Array)).toBe(0);
  });

  it("shows the catalogue, and says what it takes", async () => {
    expect((await models("catalog")).out).toContain("CreativeML OpenRAIL-M");
    expect((await models()).code).toBe(EXIT.usage.code);
    const nobody = await models("get", "nobody/nothing");
    expect([nobody.code, nobody.err]).toEqual([
      EXIT.badInput.code,
      expect.stringContaining("no such repository"),
    ]);
  });
});

describe("the edit program", () => {
  const scene = fileURLToPath(new URL("../../public/scenes/red-apple.ply", import.meta.url));
  const edit = (model: string) =>
    run("edit", [
      scene,
      "--target",
      "a cube",
      "--model",
      model,
      "--accept-licence",
      "-o",
      join(folder, "out.ply"),
    ]);

  it("fetches of the encoder it is told no more than that", async () => {
    hub.log.length = 0;
    const { err } = await run("edit", [
      ...[scene, "--target", "a cube", "--encoder", "owner/name", "--accept-licence"],
      ...["-o", join(folder, "out.ply")],
    ]);
    expect(err).toContain("Licence MIT");
    const fetched = hub.log.filter(({ method }) => method === "GET").map(({ path }) => path);
    expect(fetched.some((path) => path.endsWith("vae_encoder/model.onnx"))).toBe(true);
    expect(fetched.some((path) => path.endsWith(WEIGHTS))).toBe(false);
  });

  it("fetches the model it is told, and says of a folder what it lacks", async () => {
    const fetched = await edit("owner/name");
    expect(fetched.err).toContain("Licence MIT");
    expect((await models("list")).out).toContain("owner/name  complete");
    const nothing = await edit("./nothing");
    expect([nothing.code, nothing.err]).toEqual([
      EXIT.badInput.code,
      expect.stringContaining("There is no folder ./nothing."),
    ]);
    const empty = await edit(dirname(scene));
    expect([empty.code, empty.err]).toEqual([
      EXIT.badInput.code,
      expect.stringContaining("has no text_encoder/model.onnx, no unet/model.onnx"),
    ]);
  });
});

describe.skipIf(!hasGpu)("Stable Diffusion from the network, as the README has it", () => {
  let other: HubServer;
  beforeAll(async () => {
    other = await startHub(exportedFiles("sd15-diffusers"), { cardData: { license: "mit" } });
  });
  afterAll(() => other.close());

  const scene = join(folder, "ball.ply");
  const edited = join(folder, "edited.ply");
  const edit = (endpoint: string, ...model: string[]) =>
    run(
      "edit",
      [
        ...[scene, "--source", "a photo of the apple", "--target", "a photo of the bear", "--accept-licence"],
        ...["--steps", "1", "--views", "2", "--resolution", "64", "-o", edited, "--model", ...model],
      ],
      { endpoint },
    );

  it("edits with a repository of the hub, once quantized too, and with any other address", async () => {
    const splats = pointScene(shapes.ball(createRng("ball"), 300, [0, 0, 0], 0.5), 0.08);
    const metadata = { comments: [], antialiased: false, up: [0, 1, 0] } as const;
    writeFileSync(scene, writePly({ name: "ball.ply", splats, metadata, warnings: [] }));
    const named = await edit(other.url, "owner/name", "--preset", "ssd-official");
    expect(named.err).toContain(`Wrote   ${edited} after 1 step`);
    expect(named.code).toBe(EXIT.ok.code);
    expect(Buffer.compare(readFileSync(edited), readFileSync(scene))).not.toBe(0);

    const smaller = join(folder, "smaller");
    const quantized = await run("quantize", [join(cache, "owner%2Fname/files"), "-o", smaller]);
    expect(quantized.out).toMatch(/unet +int8 .*\n[^]*Change of SSD's latent gradient: 0\.\d\d %/);
    rmSync(edited);
    expect((await edit(hub.url, smaller)).code).toBe(EXIT.ok.code);

    rmSync(edited);
    const addressed = await edit(hub.url, `${other.url}/owner/name/resolve/main`);
    expect(addressed.err).toContain(`Wrote   ${edited} after 1 step`);
    expect((await models("list")).out.match(/complete/g)).toHaveLength(2);
  });
});
