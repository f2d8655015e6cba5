import { MantineProvider } from "@mantine/core";
import { useMemo, useRef } from "react";
import type { Models } from "../editor/models.ts";
import type { PageStore } from "../editor/page.ts";
import type { Session } from "../editor/session.ts";
import type { Viewport } from "../viewport/viewport.ts";
import classes from "./App.module.css";
import { AddressDialog } from "./dialogs/AddressDialog.tsx";
import { ExportDialog } from "./dialogs/ExportDialog.tsx";
import { KeysDialog } from "./dialogs/KeysDialog.tsx";
import { MediaDialog } from "./dialogs/MediaDialog.tsx";
import { Palette } from "./dialogs/Palette.tsx";
import { RecoveryDialog } from "./dialogs/RecoveryDialog.tsx";
import { Dock } from "./dock/Dock.tsx";
import { StatusBar } from "./dock/StatusBar.tsx";
import { download } from "./download.ts";
import { EditPanel } from "./edit/EditPanel.tsx";
import { FileInput, type FileInputHandle } from "./FileInput.tsx";
import { ModelsDialog } from "./models/ModelsDialog.tsx";
import { canPick, pickTarget, pickToOpen } from "./pick-files.ts";
import { ScenePanel } from "./scene/ScenePanel.tsx";
import { AppContext, usePageState, type AppParts } from "./session-context.ts";
import { Stage } from "./stage/Stage.tsx";
import "./styles.ts";
import { cssVariables, theme } from "./theme.ts";
import { Toolbar } from "./toolbar/Toolbar.tsx";
import { usePaste } from "./use-paste.ts";
import { useShortcuts } from "./use-shortcuts.ts";

export function App({
  session,
  models,
  page,
  viewport,
}: {
  readonly session: Session;
  readonly models: Models;
  readonly page: PageStore;
  readonly viewport: Viewport;
}) {
  const input = useRef<FileInputHandle>(null);
  const context = useMemo<AppParts>(
    () => ({
      session,
      models,
      page,
      view: viewport,
      files: {
        choose(purpose) {
          if (canPick && purpose === "open") void openPicked(session);
          else input.current?.open(purpose);
        },
        ...(canPick && { chooseTarget: pickTarget }),
        save: ({ name, bytes }) => download(name, bytes),
      },
    }),
    [session, models, page, viewport],
  );
  useShortcuts(context);
  usePaste(context);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <AppContext value={context}>
        <Layout viewport={viewport} />
        <FileInput ref={input} />
        <Palette />
        <KeysDialog />
        <ModelsDialog />
        <MediaDialog />
        <AddressDialog />
        <ExportDialog />
        <RecoveryDialog />
      </AppContext>
    </MantineProvider>
  );
}

async function openPicked(session: Session): Promise<void> {
  const handle = await pickToOpen();
  if (handle) await session.openRecent({ kind: "file", name: handle.name, handle });
}

function Layout({ viewport }: { readonly viewport: Viewport }) {
  const panels = usePageState((state) => state.panels);
  return (
    <div className={classes["app"]}>
      <Toolbar />
      <aside className={classes["left"]} aria-label="Scene" hidden={!panels.left}>
        <div className={classes["scroll"]} tabIndex={0} role="region" aria-label="Scene and selection">
          <ScenePanel />
        </div>
      </aside>
      <Stage viewport={viewport} />
      <section className={classes["dock"]} aria-label="Progress and history" hidden={!panels.dock}>
        <Dock />
      </section>
      <aside className={classes["right"]} aria-label="Edit" hidden={!panels.right}>
        <EditPanel scrollClass={classes["scroll"]!} />
      </aside>
      <StatusBar />
    </div>
  );
}
