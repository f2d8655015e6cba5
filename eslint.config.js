import tseslint from "typescript-eslint";
import { createNodeResolver, importX } from "eslint-plugin-import-x";

/** Layers, lowest first. A file may import from its own row's folder and from any row above it, never below. */
const LAYERS = [
  ["core"],
  ["gpu"],
  ["scene", "camera"],
  ["formats", "raster", "optim", "onnx", "diffusion"],
  ["edit"],
  ["worker", "editor", "cli", "bench"],
  ["viewport", "ui"],
];

/** Rooms of one row that may not see each other, except for the arrows listed here. */
const SIDEWAYS = new Set([
  "camera>scene", // view samplers look at a scene's bounds
  "diffusion>onnx", // codecs differentiate their encoder graph
  "editor>worker", // the page talks to the engine through the worker's protocol
  "ui>viewport",
  "bench>cli", // both start the same engine on Dawn
]);

const zones = LAYERS.flatMap((row, level) =>
  row.flatMap((room) => {
    const below = LAYERS.slice(level + 1).flat();
    const beside = row.filter((other) => other !== room && !SIDEWAYS.has(`${room}>${other}`));
    return [...below, ...beside].map((from) => ({
      target: `./src/${room}`,
      from: `./src/${from}`,
      message: `${room} must not import from ${from}: imports point up the layer table in eslint.config.js`,
    }));
  }),
);

/** Third-party packages that only one room may know. */
const OWNERS = [
  { group: ["three", "three/*"], rooms: ["src/viewport/**"], why: "only viewport imports three" },
  {
    group: ["onnxruntime-web", "onnxruntime-web/*"],
    rooms: ["src/diffusion/session.ts", "src/diffusion/session/**", "src/onnx/testing/**"],
    why: "only diffusion/session imports onnxruntime-web",
  },
  {
    group: ["react", "react-dom", "react-dom/*"],
    rooms: ["src/ui/**", "src/main.tsx"],
    why: "only ui and main import React",
  },
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "public", "e2e/artifacts", "models/mini", ".cache"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createNodeResolver()] },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/no-cycle": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: OWNERS.map(({ group, why }) => ({ group, message: why })) },
      ],
    },
  },
  ...OWNERS.map(({ rooms }) => ({
    files: rooms,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: OWNERS.filter((other) => other.rooms !== rooms).map(({ group, why }) => ({
            group,
            message: why,
          })),
        },
      ],
    },
  })),
);
