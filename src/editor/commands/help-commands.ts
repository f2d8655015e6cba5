import type { PageCommand } from "./command.ts";

export const helpCommands: readonly PageCommand[] = [
  {
    id: "help.palette",
    title: "Search all commands",
    group: "Help",
    keys: { supersplat: ["mod+k"], blender: ["mod+k", "f3"] },
    run: ({ page }) => page.setState({ dialog: "palette" }),
  },
  {
    id: "help.keys",
    title: "Keyboard shortcuts",
    group: "Help",
    help: "All keys, and how to change them",
    keys: ["?"],
    run: ({ page }) => page.setState({ dialog: "keys" }),
  },
];
