import tseslint from "typescript-eslint";

/** Layers, lowest first. A file may import from its own room and from any row above it, never below. */
const LAYERS = [
  ["core"],
  ["gpu"],
  ["scene", "camera"],
  ["formats", "raster", "optim", "onnx", "diffusion", "models"],
  ["edit"],
  ["document"],
  ["worker", "editor", "cli", "bench"],
  ["viewport", "ui"],
];

/** Rooms of one row that may not see each other, except for the arrows listed here. */
const SIDEWAYS = new Set([
  "camera>scene", // view samplers look at a scene's bounds
  "diffusion>onnx", // codecs differentiate their encoder graph
  "models>diffusion", // a stored model is a folder that the pipeline opens
  "models>onnx", // graphs tell where their weights lie
  "models>formats", // how sizes read in messages
  "editor>worker", // the page talks to the engine through the worker's protocol
  "ui>viewport",
  "bench>cli", // both start the same engine on Dawn
]);

/** Third-party packages that only some files may know. */
const OWNERS = [
  { packages: "three", files: ["src/viewport/**"], why: "only viewport imports three" },
  {
    packages: "onnxruntime-web",
    files: ["src/diffusion/session.ts", "src/diffusion/session/**", "src/onnx/testing/**"],
    why: "only diffusion/session imports onnxruntime-web",
  },
  { packages: "react|react-dom", files: ["src/ui/**", "src/main.tsx"], why: "only ui and main import React" },
];

/** `models/export` is the repository's folder of that name, not a part of the room. */
const forbidRoom = (room) => (from) => ({
  regex: `^(\\.\\./)+${from}/(?!export/)`,
  message: `${room} must not import from ${from}: imports point up the layer table in eslint.config.js`,
});
const forbidPackages = ({ packages, why }) => ({ regex: `^(${packages})(/|$)`, message: why });

const forbidden = (room) => {
  const level = LAYERS.findIndex((row) => row.includes(room));
  if (level < 0) return []; // the composition root sees everything
  const below = LAYERS.slice(level + 1).flat();
  const beside = LAYERS[level].filter((other) => other !== room && !SIDEWAYS.has(`${room}>${other}`));
  return [...below, ...beside].map(forbidRoom(room));
};

/** ESLint takes the last setting that fits a file, so each row of this table says all that holds for its files. */
const imports = (files, ignores, patterns) => ({
  files,
  ignores,
  rules: { "no-restricted-imports": ["error", { patterns }] },
});
const notAnOwner = (file) => OWNERS.filter(({ files }) => !files.includes(file)).map(forbidPackages);

export default tseslint.config(
  { ignores: ["dist", "node_modules", "public", "e2e/artifacts", "models/mini", ".cache"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: "error",
    },
  },
  imports(["src/*.{ts,tsx}"], ["src/main.tsx"], OWNERS.map(forbidPackages)),
  ...LAYERS.flat().map((room) =>
    imports([`src/${room}/**`], [], [...forbidden(room), ...OWNERS.map(forbidPackages)]),
  ),
  ...OWNERS.flatMap(({ files }) =>
    files.map((file) => imports([file], [], [...forbidden(file.split("/")[1]), ...notAnOwner(file)])),
  ),
);
