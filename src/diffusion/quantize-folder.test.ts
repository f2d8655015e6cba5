import { expect, test } from "vitest";
import { memoryFolder } from "./testing/memory-folder.ts";
import { memorySink } from "./testing/memory-sink.ts";
import { hasStudy, studyFolder } from "./testing/study-model.ts";
import { tinyFolder } from "./testing/tiny-diffusion.ts";
import { measureFolders } from "./measure-folders.ts";
import { openModelFolder } from "./model-folder.ts";
import { quantizeFolder } from "./quantize-folder.ts";
import { useNodeRuntime } from "./session/runtime.node.ts";

useNodeRuntime();

const INT8 = { unet: "int8", text_encoder: "int8", vae_encoder: "float16", vae_decoder: "float16" } as const;

test("a folder comes out whole, smaller, and loads", async () => {
  const { sink, files } = memorySink();
  const reports = await quantizeFolder(tinyFolder({ "README.md": "# Tiny" }), sink, {
    formats: { vae_encoder: "int8", vae_decoder: "float16" },
    linear: "dequantize",
  });
  expect(new TextDecoder().decode(files["README.md"])).toBe("# Tiny");
  const bytesOf = Object.fromEntries(reports.map(({ part, before, after }) => [part, after / before]));
  expect(bytesOf["vae_encoder"]).toBeLessThan(0.6); // a graph this small is half names
  expect(bytesOf["vae_decoder"]).toBeLessThan(0.8);
  // What is left alone is what it was, in files that we write as others do.
  expect(bytesOf["unet"]).toBeCloseTo(1, 1);
  const folder = await openModelFolder(memoryFolder(files));
  expect((await folder.graph("unet")).model.graph.nodes.length).toBeGreaterThan(0);
});

test("hand-written files of the target are kept", async () => {
  const { sink, files } = memorySink({ "README.md": new TextEncoder().encode("# Mine") });
  const source = tinyFolder({ "README.md": "# Tiny", LICENSE: "Free" });
  await quantizeFolder(source, sink, { formats: {}, linear: "dequantize" });
  const text = (path: string): string => new TextDecoder().decode(files[path]);
  expect([text("README.md"), text("LICENSE")]).toEqual(["# Mine", "Free"]);
});

test.skipIf(!hasStudy)("int8 weights change the gradient of an edit by less than 2 %", async () => {
  const { sink, files } = memorySink();
  await quantizeFolder(studyFolder(""), sink, { formats: INT8, linear: "dequantize" });
  const edits = [{ source: "a photo of a red apple on grass", target: "a photo of a blue apple on grass" }];
  const measured = { backend: { provider: "wasm" }, edits } as const;
  const noise = await measureFolders(studyFolder(""), memoryFolder(files), measured);
  expect(noise.timesteps.map(({ t }) => t)).toEqual([100, 300, 500, 700]);
  expect(noise.error).toBeLessThan(0.02);
  expect(noise.error).toBeGreaterThan(0.001); // it measures something
});
