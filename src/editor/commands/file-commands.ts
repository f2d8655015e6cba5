import type { CommandContext, PageCommand } from "./command.ts";
import { isIdle, isIdleWithScene } from "./conditions.ts";

const download = ({ session, files }: CommandContext): void =>
  void session.exportScene().then((file) => file && files.save(file));

/** Where the browser lets no page write files, saving is downloading. */
const saveAs = async (context: CommandContext): Promise<void> => {
  const { session, files } = context;
  if (!files.chooseTarget) return download(context);
  const { file, scene } = session.store.getState();
  const target = await files.chooseTarget(file?.name ?? scene?.name ?? "scene.ply");
  if (target) await session.saveTo(target);
};

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
    id: "file.address",
    title: "Open address…",
    group: "File",
    help: "A splat scene from the web; pasting its address on the page does the same",
    isEnabled: isIdle,
    run: ({ page }) => page.setState({ dialog: "address" }),
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
    id: "file.save",
    title: "Save",
    group: "File",
    help: "Over the file it came from or was saved to last, where the browser may write it",
    keys: ["mod+s"],
    isEnabled: isIdleWithScene,
    run(context) {
      const { file } = context.session.store.getState();
      void (file ? context.session.saveTo(file) : saveAs(context));
    },
  },
  {
    id: "file.save-as",
    title: "Save as…",
    group: "File",
    isEnabled: isIdleWithScene,
    run: (context) => void saveAs(context),
  },
  {
    id: "file.export",
    title: "Export .ply",
    group: "File",
    help: "Downloads the scene as every splat tool reads it",
    keys: ["mod+shift+e"],
    isEnabled: isIdleWithScene,
    run: download,
  },
  {
    id: "file.export-options",
    title: "Export with options…",
    group: "File",
    help: "The selection only, or fewer bands of spherical harmonics",
    isEnabled: isIdleWithScene,
    run: ({ page }) => page.setState({ dialog: "export" }),
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
