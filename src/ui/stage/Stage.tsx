import { useEffect, useRef, useState, type DragEvent } from "react";
import { looksLikeAddress } from "../../editor/scene-address.ts";
import type { Session } from "../../editor/session.ts";
import type { Viewport } from "../../viewport/viewport.ts";
import { useApp, usePageState, useSessionState } from "../session-context.ts";
import { Loading } from "./Loading.tsx";
import { OrientationHint } from "./OrientationHint.tsx";
import { droppedFolder, holdsFolder } from "../models/pick-folder.ts";
import { Performance } from "./Performance.tsx";
import classes from "./Stage.module.css";
import { StageHandles } from "./StageHandles.tsx";
import { StageNotice } from "./StageNotice.tsx";
import { StageTools } from "./StageTools.tsx";
import { ToolOptions } from "./ToolOptions.tsx";
import { ToolOverlay } from "./ToolOverlay.tsx";
import { ToolStrip } from "./ToolStrip.tsx";
import { TrainingViews } from "./TrainingViews.tsx";
import { useOtherSide } from "./use-other-side.ts";
import { ViewCube } from "./ViewCube.tsx";
import { Wipe } from "./Wipe.tsx";

/** The scene, what is drawn on it, and whatever stands in its way. Files may be dropped here, and folders of models. */
export function Stage({ viewport }: { readonly viewport: Viewport }) {
  const { session, models, page } = useApp();
  const place = useRef<HTMLDivElement>(null);
  const [isDropping, setDropping] = useState(false);
  const hasScene = useSessionState((state) => state.scene !== undefined);
  useEffect(() => viewport.attach(place.current!), [viewport]);

  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setDropping(false);
    if (holdsFolder(event.dataTransfer)) {
      models.setPurpose("model");
      page.setState({ dialog: "models" });
      return void models.pick(droppedFolder(event.dataTransfer));
    }
    const files = [...event.dataTransfer.files];
    const address = event.dataTransfer.getData("text/uri-list");
    if (files.length > 0 && event.shiftKey) void addAll(session, files);
    else if (files.length > 0) void openDropped(session, files, event.dataTransfer.items[0]);
    else if (looksLikeAddress(address)) void session.openAddress(address);
  };
  return (
    <main
      className={classes["stage"]}
      onDragOver={(event) => {
        event.preventDefault();
        setDropping(event.dataTransfer.types.includes("Files"));
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDropping(false);
      }}
      onDrop={drop}
    >
      <Place ref={place} />
      <ToolOverlay viewport={viewport} />
      {hasScene && (
        <>
          <Wipe />
          <StageHandles viewport={viewport} />
          <TrainingViews viewport={viewport} />
          <ToolStrip />
          <ToolOptions />
          <StageTools />
          <ViewCube viewport={viewport} />
          <OrientationHint />
        </>
      )}
      <SceneInfo />
      <Performance />
      <Loading />
      <StageNotice />
      {isDropping && (
        <div className={classes["drop"]} data-overlay>
          Drop a splat scene to open it; hold Shift to add it as a layer
        </div>
      )}
    </main>
  );
}

/**
 * The first file, and the others as layers of it. It comes with its handle, where the browser gives one: then it can
 * be saved in place. Asked for before the drop is over.
 */
async function openDropped(
  session: Session,
  [file, ...others]: readonly File[],
  item: DataTransferItem | undefined,
): Promise<void> {
  const handle = await item?.getAsFileSystemHandle?.().catch(() => null);
  await session.openFile(file!, handle instanceof FileSystemFileHandle ? handle : undefined);
  if (!session.store.getState().problem) await addAll(session, others);
}

async function addAll(session: Session, files: readonly File[]): Promise<void> {
  for (const file of files) await session.addFile(file);
}

function Place({ ref }: { readonly ref: React.Ref<HTMLDivElement> }) {
  const hasTool = usePageState(({ tool }) => tool !== undefined && tool !== "sphere" && tool !== "box");
  return <div className={`${classes["place"]} ${hasTool ? classes["drawing"] : ""}`} ref={ref} />;
}

function SceneInfo() {
  const { page } = useApp();
  const scene = useSessionState((state) => state.scene);
  const busy = useSessionState((state) => (state.loading ? undefined : state.busy));
  const isFlying = usePageState(({ navigation }) => navigation === "fly");
  const showsOriginal = usePageState((state) => state.showsOriginal);
  const { words } = useOtherSide();
  return (
    <div className={classes["info"]} role="status" data-overlay>
      {scene && <span className={classes["chip"]}>{scene.name}</span>}
      {showsOriginal && <span className={classes["chip"]}>{words}</span>}
      {isFlying && (
        <span className={classes["chip"]} onClick={() => page.setState({ navigation: "orbit" })}>
          flying: W A S D, Q E, drag to look, Esc to end
        </span>
      )}
      {busy && <span className={classes["chip"]}>{busy}</span>}
    </div>
  );
}
