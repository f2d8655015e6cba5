import { describe, expect, test } from "vitest";
import { UserError } from "../core/errors.ts";
import { baseAddress, HUB, nameOf, parseLocation, shortName } from "./location.ts";

const hub = (repository: string, revision = "main", folder = "") => ({
  kind: "hub",
  repository,
  revision,
  folder,
});

describe("what a user may type", () => {
  test.each([
    ["nmkd/stable-diffusion-1.5-onnx-fp16", hub("nmkd/stable-diffusion-1.5-onnx-fp16")],
    [" owner/name ", hub("owner/name")],
    ["owner/name@fp16", hub("owner/name", "fp16")],
    ["owner/name@refs/pr/1", hub("owner/name", "refs/pr/1")],
    ["owner/name/some/folder@v1", hub("owner/name", "v1", "some/folder")],
    ["https://huggingface.co/owner/name", hub("owner/name")],
    ["https://hf.co/owner/name/", hub("owner/name")],
    ["https://huggingface.co/owner/name/tree/main/onnx", hub("owner/name", "main", "onnx")],
    ["https://huggingface.co/owner/name/tree/refs%2Fpr%2F1", hub("owner/name", "refs/pr/1")],
    ["https://huggingface.co/owner/name/blob/main/unet/model.onnx", hub("owner/name")],
    ["https://huggingface.co/owner/name/blob/main/sub/README.md", hub("owner/name", "main", "sub")],
    ["https://huggingface.co/owner/name/resolve/main/unet/model.onnx", hub("owner/name")],
    ["https://models.example/sd", { kind: "address", url: "https://models.example/sd/" }],
    ["https://models.example/sd/model_index.json", { kind: "address", url: "https://models.example/sd/" }],
    ["http://localhost:8080/sd/", { kind: "address", url: "http://localhost:8080/sd/" }],
  ])("%s", (text, location) => expect(parseLocation(text)).toEqual(location));

  test.each([
    "",
    "stable-diffusion",
    "owner/",
    "owner/name@",
    "owner/name/../other",
    "owner/na me",
    "http://models.example/sd",
    "ftp://models.example/sd",
    "https://models.example/sd?token=1",
    "https://huggingface.co/",
    "https://",
  ])("but not “%s”, and is told what would do", (text) => {
    try {
      parseLocation(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).hint).toContain("owner/name");
    }
  });
});

test("a name reads as it was typed, and leads back", () => {
  for (const name of [
    "owner/name",
    "owner/name@fp16",
    "owner/name/some/folder@refs/pr/1",
    "https://a.example/b/",
  ])
    expect(nameOf(parseLocation(name))).toBe(name);
});

test("files lie under the hub's resolve address, at a commit where it is known", () => {
  const location = parseLocation("owner/name/a b@refs/pr/1");
  expect(baseAddress(location, HUB)).toBe(`${HUB}/owner/name/resolve/refs%2Fpr%2F1/a%20b/`);
  expect(baseAddress(location, HUB, "c0ffee")).toBe(`${HUB}/owner/name/resolve/c0ffee/a%20b/`);
  expect(baseAddress(parseLocation("https://a.example/b"), HUB)).toBe("https://a.example/b/");
});

test("a mirror's pages are read as the hub's", () => {
  const mirror = "https://mirror.example";
  expect(parseLocation(`${mirror}/owner/name/tree/main`, mirror)).toEqual(hub("owner/name"));
  expect(baseAddress(parseLocation("owner/name"), mirror)).toBe(`${mirror}/owner/name/resolve/main/`);
});

test("a commit is shown by its first digits, a branch as it is", () => {
  expect(shortName(`owner/name@${"c0ffee".repeat(7).slice(0, 40)}`)).toBe("owner/name@c0ffeec");
  for (const name of ["owner/name", "owner/name@refs/pr/1"]) expect(shortName(name)).toBe(name);
});
