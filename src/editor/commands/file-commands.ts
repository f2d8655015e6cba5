import type { PageCommand } from "./command.ts";
import { isIdle, isIdleWithScene } from "./conditions.ts";

export const fileCommands: readonly PageCommand[] = [
  {
    id: "file.open",
    title: "Open…",
    group: "File",
    help: "A splat scene from this machine, in place of the one that is open",
    keys: ["mod+o"],
    isEnabled: isIdle,
    run: ({ files }) => files.choose("open"),
  },
  {
    id: "file.add",
    title: "Add as a layer…",
    group: "File",
    help: "Another splat scene, beside the one that is open",
    keys: ["mod+shift+o"],
    isEnabled: isIdleWithScene,
    run: ({ files }) => files.choose("add"),
  },
  {
    id: "file.models",
    title: "Models…",
    group: "File",
    help: "Load a Stable Diffusion from the network or a folder; see, quantize and delete what is stored",
    run: ({ page }) => page.setState({ dialog: "models" }),
  },
  {
    id: "file.export",
    title: "Export .ply",
    group: "File",
    help: "The scene as every splat tool reads it",
    keys: ["mod+s"],
    isEnabled: isIdleWithScene,
    run: ({ session, files }) => void session.exportScene().then((file) => file && files.save(file)),
  },
  {
    id: "file.media",
    title: "Save a picture or film…",
    group: "File",
    help: "What the camera sees as a PNG, with or without a background, or a turn around the scene as a video",
    keys: ["mod+alt+s"],
    isEnabled: isIdleWithScene,
    run: ({ page }) => page.setState({ dialog: "media" }),
  },
  {
    id: "file.export-selection",
    title: "Export the selection",
    group: "File",
    isEnabled: (context) =>
      isIdleWithScene(context) && (context.session.store.getState().document?.selected ?? 0) > 0,
    run: ({ session, files }) =>
      void session.exportDocument({ selectionOnly: true }).then((file) => file && files.save(file)),
  },
];
