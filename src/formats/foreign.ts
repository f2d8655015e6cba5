/** Files that people mistake for splat scenes, known by their first bytes, and what to tell about them. */

interface ForeignKind {
  readonly what: string;
  readonly hint: string;
  /** Latin-1 text the file begins with, after white space; or a check on name and bytes. */
  readonly starts?: readonly string[];
  readonly matches?: (name: string, bytes: Uint8Array) => boolean;
}

const CONVERT =
  "Splatsmith does not read it yet. Convert it to .ply first, for instance with splat-transform or SuperSplat.";
const NO_SCENE = "Open the .ply file of a 3D Gaussian splat scene instead.";
const extension = (wanted: string) => (name: string) => name.toLowerCase().endsWith(wanted);

const FOREIGN: readonly ForeignKind[] = [
  {
    what: "a web page, not a scene",
    hint: "The download probably failed: what was saved is the page that said so. Download the file itself.",
    starts: ["<!doctype", "<html", "<?xml", "<head"],
  },
  {
    what: "a Git LFS pointer, not the file itself",
    hint: "Fetch it with “git lfs pull”.",
    starts: ["version https://git-lfs"],
  },
  { what: "a SOG bundle", hint: CONVERT, matches: extension(".sog") },
  {
    what: "a zip archive",
    hint: "Unpack it and open the .ply inside.",
    starts: ["PK\x03\x04", "PK\x05\x06"],
  },
  { what: "an SPZ scene", hint: CONVERT, starts: ["NGSP"], matches: extension(".spz") },
  { what: "a gzip archive", hint: "Unpack it and open the .ply inside.", starts: ["\x1f\x8b"] },
  { what: "a glTF model", hint: CONVERT, starts: ["glTF"], matches: extension(".gltf") },
  { what: "a .ksplat scene", hint: CONVERT, matches: extension(".ksplat") },
  {
    what: "a .splat scene",
    hint: CONVERT,
    matches: (name, bytes) => extension(".splat")(name) && bytes.length % 32 === 0,
  },
  { what: "a picture", hint: NO_SCENE, starts: ["\x89PNG", "\xff\xd8\xff", "GIF8", "RIFF", "BM"] },
  { what: "a LAS point cloud", hint: NO_SCENE, starts: ["LASF"] },
  { what: "a PDF document", hint: NO_SCENE, starts: ["%PDF"] },
  { what: "a JSON file", hint: NO_SCENE, starts: ["{", "["] },
];

/** What the file seems to be and what to do about it; undefined for something unheard of. */
export function recognise(bytes: Uint8Array, name: string): { what: string; hint: string } | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, 64))
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  const lower = text.toLowerCase();
  return FOREIGN.find(
    ({ starts, matches }) =>
      starts?.some((start) => text.startsWith(start) || lower.startsWith(start)) || matches?.(name, bytes),
  );
}
