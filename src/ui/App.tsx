import { useEffect } from "react";
import type { Session } from "../editor/session.ts";
import { isRunning } from "../editor/store.ts";
import type { Viewport } from "../viewport/viewport.ts";
import "./app.css";
import { LogPanel } from "./LogPanel.tsx";
import { MachineFields } from "./MachineFields.tsx";
import { MethodFields } from "./MethodFields.tsx";
import { PromptFields } from "./PromptFields.tsx";
import { RunControls } from "./RunControls.tsx";
import { RunFields } from "./RunFields.tsx";
import { SessionContext } from "./session-context.ts";
import { Stage } from "./Stage.tsx";
import { Toolbar } from "./Toolbar.tsx";

export function App({ session, viewport }: { readonly session: Session; readonly viewport: Viewport }) {
  useEffect(() => historyKeys(session), [session]);
  return (
    <SessionContext value={session}>
      <div className="app">
        <Toolbar />
        <Stage viewport={viewport} />
        <aside className="panel" aria-label="Edit">
          <div className="panel-body">
            <PromptFields />
            <MethodFields />
            <RunFields />
            <MachineFields />
          </div>
          <div className="panel-foot">
            <RunControls />
          </div>
        </aside>
        <LogPanel />
      </div>
    </SessionContext>
  );
}

/** Ctrl or Cmd with Z, and with Shift for redo; text fields keep their own. */
function historyKeys(session: Session): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    if (event.target instanceof HTMLInputElement && event.target.type === "text") return;
    event.preventDefault();
    const state = session.store.getState();
    if (isRunning(state) || state.busy) return;
    void (event.shiftKey ? session.redo() : session.undo());
  };
  window.addEventListener("keydown", listener);
  return () => window.removeEventListener("keydown", listener);
}
