import { useEffect, useRef, useState, type DragEvent } from "react";
import type { Viewport } from "../viewport/viewport.ts";
import { formatCount } from "./format.ts";
import { Notice } from "./Notice.tsx";
import { Pictures } from "./Pictures.tsx";
import { useSession, useSessionState } from "./session-context.ts";

/** The scene, and whatever stands in its way. Files may be dropped here. */
export function Stage({ viewport }: { readonly viewport: Viewport }) {
  const session = useSession();
  const place = useRef<HTMLDivElement>(null);
  const [isDropping, setDropping] = useState(false);
  useEffect(() => viewport.attach(place.current!), [viewport]);

  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setDropping(false);
    const [file] = event.dataTransfer.files;
    if (file) void session.openFile(file);
  };
  return (
    <main
      className="stage"
      onDragOver={(event) => {
        event.preventDefault();
        setDropping(event.dataTransfer.types.includes("Files"));
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDropping(false);
      }}
      onDrop={drop}
    >
      <div className="viewport-place" ref={place} />
      <SceneInfo />
      <StageTools viewport={viewport} />
      <Pictures />
      <StageNotice />
      {isDropping && <div className="drop-here">Drop a splat scene to open it</div>}
    </main>
  );
}

function SceneInfo() {
  const scene = useSessionState((state) => state.scene);
  const busy = useSessionState((state) => state.busy);
  return (
    <div className="stage-info" role="status">
      {scene && <span className="chip">{scene.name}</span>}
      {scene && <span className="chip">{formatCount(scene.count)} splats</span>}
      {busy && <span className="chip">{busy}</span>}
    </div>
  );
}

function StageTools({ viewport }: { readonly viewport: Viewport }) {
  const hasScene = useSessionState((state) => state.scene !== undefined);
  if (!hasScene) return null;
  return (
    <div className="stage-tools">
      <CompareButton />
      <button type="button" title="Look at the whole again (F)" onClick={() => viewport.frame()}>
        Frame
      </button>
    </div>
  );
}

/** Shows the scene as it was opened for as long as it is held, by pointer or key. */
function CompareButton() {
  const session = useSession();
  const isChanged = useSessionState(
    (state) => state.history.undo !== undefined || state.progress !== undefined,
  );
  const [held, setHeld] = useState(false);
  const hold = (original: boolean): void => {
    if (original === held) return;
    setHeld(original);
    session.compare(original);
  };
  return (
    <button
      type="button"
      aria-pressed={held}
      disabled={!isChanged}
      title="Hold to see the scene as it was opened"
      onPointerDown={() => hold(true)}
      onPointerUp={() => hold(false)}
      onPointerLeave={() => hold(false)}
      onKeyDown={(event) => (event.key === " " || event.key === "Enter") && hold(true)}
      onKeyUp={() => hold(false)}
      onBlur={() => hold(false)}
    >
      Hold for original
    </button>
  );
}

function StageNotice() {
  const session = useSession();
  const machine = useSessionState((state) => state.machine);
  const problem = useSessionState((state) => state.problem);
  const hasScene = useSessionState((state) => state.scene !== undefined);
  if (machine.status === "failed") {
    return (
      <Notice title={machine.problem.message} text={machine.problem.hint}>
        <button type="button" className="primary" onClick={() => void session.restart()}>
          Try again
        </button>
      </Notice>
    );
  }
  if (problem) {
    return (
      <Notice title={problem.message} text={problem.hint} isToast={hasScene}>
        <button type="button" onClick={session.dismissProblem}>
          Close
        </button>
      </Notice>
    );
  }
  return null;
}
