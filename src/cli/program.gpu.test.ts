/** The program itself, from the outside: arguments in, files and exit codes out. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readScene, writeScene } from "../formats/index.ts";
import { splatPly } from "../formats/testing/make-ply.ts";
import { hasGpu } from "../gpu/testing.ts";
import { createSplats } from "../scene/attributes.ts";
import type { SceneDocument } from "../scene/document.ts";
import { splatsEqual, takeSplats } from "../scene/splats.ts";
import { EXIT } from "./exit.ts";

const launcher = fileURLToPath(new URL("launch.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "splatsmith-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Circumstances {
  /** Presses Ctrl-C when standard error says this. */
  readonly interruptAt?: RegExp;
  readonly env?: Readonly<Record<string, string>>;
}

const edit = (...args: string[]): Promise<Run> => editWhen({}, ...args);

function editWhen({ interruptAt, env }: Circumstances, ...args: string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const { INIT_CWD: _, ...inherited } = process.env;
    const child = spawn(process.execPath, [launcher, "src/cli/edit.ts", ...args], {
      cwd: folder,
      env: { ...inherited, ...env },
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

const words = ["--source", "a photo of a red apple", "--target", "a photo of a blue apple"];

describe("the edit program", () => {
  it("teaches when asked, and says so with its exit code", async () => {
    const help = await edit("--help");
    expect(help.code).toBe(EXIT.ok.code);
    expect(help.out).toContain("Examples:");
    const list = await edit("--list");
    expect(list.code).toBe(EXIT.ok.code);
    expect(list.out).toContain("embedded-ssd");
  });

  it("ends with 2 for arguments that make no sense", async () => {
    expect((await edit()).code).toBe(EXIT.usage.code);
    const unknown = await edit("in.ply", "--method", "magic");
    expect(unknown.code).toBe(EXIT.usage.code);
    expect(unknown.err).toContain("one of: ssd");
  });

  it("ends with 3 for a file that is missing or no scene, and says which and why", async () => {
    const missing = await edit("nothing.ply", ...words);
    expect(missing.code).toBe(EXIT.badInput.code);
    expect(missing.err).toMatch(/“nothing\.ply”: there is no such file/);

    writeFileSync(join(folder, "cut.ply"), splatPly(0, 10).slice(0, -100));
    const cut = await edit("cut.ply", ...words);
    expect(cut.code).toBe(EXIT.badInput.code);
    expect(cut.err).toMatch(/8 of 10 splats/);
    expect(cut.err).not.toMatch(/ at .*\.ts/);
  });

  it.skipIf(process.platform !== "linux")(
    "ends with 4 where there is no GPU, and says what to install",
    async () => {
      writeFileSync(join(folder, "good.ply"), splatPly(0, 10));
      const env = { VK_ICD_FILENAMES: join(folder, "no-driver.json"), LD_LIBRARY_PATH: "" };
      const run = await editWhen({ env }, "good.ply", ...words);
      expect(run.code).toBe(EXIT.noGpu.code);
      expect(run.err).toMatch(/no graphics adapter.*\n.*Vulkan driver/);
    },
  );

  it("never overwrites its input", async () => {
    const bytes = splatPly(0, 10);
    writeFileSync(join(folder, "same.ply"), bytes);
    const run = await edit("same.ply", ...words, "-o", "./same.ply");
    expect(run.code).toBe(EXIT.usage.code);
    expect(Buffer.compare(readFileSync(join(folder, "same.ply")), bytes)).toBe(0);
  });
});

describe.skipIf(!hasGpu)("an edit with the embedded model", { timeout: 600_000 }, () => {
  const scene = ballScene();
  const bytes = writeScene(scene);
  /** The northern half of the ball. */
  const region = ["--region", "0,1,0,0.9"];
  const short = ["-n", "2", "--views", "2", "-r", "128", "--up", "+y"];
  writeFileSync(join(folder, "ball.ply"), bytes);
  const written = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

  it("writes a scene that changed inside of the region alone, a report and pictures", async () => {
    const outputs = ["-o", "out/edited.ply", "--json", "report.json", "--views-out", "pictures"];
    const run = await edit("ball.ply", ...words, ...short, ...region, ...outputs, "--negative", "chartreuse");
    expect([run.code, run.err]).toEqual([EXIT.ok.code, expect.stringContaining("Wrote")]);

    expect(run.err).toContain("does not know the word “chartreuse”");

    const edited = readScene(written("out/edited.ply"), "edited.ply").splats;
    const { means, count } = scene.splats;
    const inside = (i: number): boolean =>
      Math.hypot(means[3 * i]!, means[3 * i + 1]! - 1, means[3 * i + 2]!) <= 0.9;
    const indices = Uint32Array.from({ length: count }, (_, i) => i);
    const [within, outside] = [indices.filter(inside), indices.filter((i) => !inside(i))];
    expect(within.length).toBeGreaterThan(50);
    expect(splatsEqual(takeSplats(edited, outside), takeSplats(scene.splats, outside))).toBe(true);
    expect(splatsEqual(takeSplats(edited, within), takeSplats(scene.splats, within))).toBe(false);

    const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Record<string, unknown>;
    expect(report["run"]).toMatchObject({ outcome: "finished", steps: 2 });
    expect(report["history"]).toHaveLength(2);
    expect(report["settings"]).toMatchObject({ method: "ssd", steps: 2 });
    expect(readdirSync(join(folder, "pictures")).sort()).toEqual(["after.png", "before.png", "both.png"]);
  });

  it("ends with 2 for a size or a region that cannot work, before anything is made", async () => {
    const size = await edit("ball.ply", ...words, "-r", "136", "-o", "none.ply");
    expect([size.code, size.err]).toEqual([EXIT.usage.code, expect.stringContaining("not 136.")]);
    const region = await edit("ball.ply", ...words, "--region", "90,0,0,1", "-o", "none.ply");
    expect([region.code, region.err]).toEqual([
      EXIT.usage.code,
      expect.stringContaining("The region holds no splats"),
    ]);
  });

  it("tells of words that do not fit, of each prompt by itself", async () => {
    const long = `a photo of a blue apple ${"on grass ".repeat(30)}`;
    const run = await edit("ball.ply", ...words.slice(0, 2), "--target", long, ...short, "-n", "1");
    expect(run.code).toBe(EXIT.ok.code);
    expect(run.err).toMatch(/Warning Too long for the model.*“(on )?(grass on )+grass”/);
    expect(run.err).toMatch(/Plan .*GB/);
  });

  it("repeats to the byte with the same seed, and only with it", async () => {
    const again = await edit("ball.ply", ...words, ...short, ...region, "-o", "again.ply");
    expect(again.code).toBe(EXIT.ok.code);
    expect(Buffer.compare(written("again.ply"), written("out/edited.ply"))).toBe(0);

    const other = await edit("ball.ply", ...words, ...short, ...region, "--seed", "4");
    expect(other.code).toBe(EXIT.ok.code);
    expect(Buffer.compare(written("ball-edited.ply"), written("again.ply"))).not.toBe(0);
  });

  it("stops at Ctrl-C and keeps what it has", async () => {
    const run = await editWhen(
      { interruptAt: /1\/5000 steps/ },
      "ball.ply",
      ...words,
      ...short,
      "-n",
      "5000",
      "-o",
      "kept.ply",
    );
    expect(run.code).toBe(EXIT.interrupted.code);
    expect(run.err).toContain("Stopping after this step");
    const kept = readScene(written("kept.ply"), "kept.ply").splats;
    expect(kept.count).toBe(scene.splats.count);
    expect(splatsEqual(kept, scene.splats)).toBe(false);
  });
});

/** A red ball of splats. */
function ballScene(): SceneDocument {
  const splats = createSplats(600, 0);
  for (let i = 0; i < splats.count; i++) {
    // Points of a sunflower, wrapped around a sphere.
    const y = 1 - (2 * i + 1) / splats.count;
    const angle = i * Math.PI * (3 - Math.sqrt(5));
    const level = Math.sqrt(1 - y * y);
    splats.means.set([level * Math.cos(angle), y, level * Math.sin(angle)], 3 * i);
    splats.sh.set([1, -1, -1], 3 * i);
  }
  splats.quaternions.forEach((_, i, all) => (all[i] = i % 4 ? 0 : 1));
  splats.logScales.fill(Math.log(0.09));
  splats.opacityLogits.fill(3);
  return { name: "ball.ply", splats, metadata: { comments: [], antialiased: false }, warnings: [] };
}
