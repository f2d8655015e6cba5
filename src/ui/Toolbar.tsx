import { useRef } from "react";
import { isRunning } from "../editor/store.ts";
import { formats } from "../formats/index.ts";
import { download } from "./download.ts";
import { useSession, useSessionState } from "./session-context.ts";

const ACCEPT = formats.all
  .flatMap(({ extensions }) => extensions.map((extension) => `.${extension}`))
  .join(",");

/** Files, history, and what the engine runs on. */
export function Toolbar() {
  const session = useSession();
  const picker = useRef<HTMLInputElement>(null);
  const demos = useSessionState((state) => state.demos);
  const demo = useSessionState((state) => state.demo);
  const hasScene = useSessionState((state) => state.scene !== undefined);
  const history = useSessionState((state) => state.history);
  const locked = useSessionState(
    (state) => isRunning(state) || state.busy !== undefined || state.machine.status !== "ready",
  );

  const save = async (): Promise<void> => {
    const file = await session.exportScene();
    if (file) download(file.name, file.bytes);
  };

  return (
    <header className="bar">
      <h1 className="brand">
        <img src="icon.svg" alt="" />
        Splatsmith
      </h1>
      <div className="group">
        <button type="button" disabled={locked} onClick={() => picker.current?.click()}>
          Open…
        </button>
        <input
          ref={picker}
          type="file"
          accept={ACCEPT}
          hidden
          aria-label="Scene file"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = ""; // so that the same file can be chosen again
            if (file) void session.openFile(file);
          }}
        />
        <select
          aria-label="Demo scene"
          value={demo ?? ""}
          disabled={locked || demos.length === 0}
          onChange={(event) => void session.openDemo(event.target.value)}
        >
          <option value="" disabled>
            Demo scenes
          </option>
          {demos.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <button type="button" disabled={locked || !hasScene} onClick={() => void save()}>
          Export .ply
        </button>
      </div>
      <div className="group">
        <button
          type="button"
          disabled={locked || history.undo === undefined}
          title={history.undo && `Undo “${history.undo}” (Ctrl+Z)`}
          onClick={() => void session.undo()}
        >
          Undo
        </button>
        <button
          type="button"
          disabled={locked || history.redo === undefined}
          title={history.redo && `Redo “${history.redo}” (Ctrl+Shift+Z)`}
          onClick={() => void session.redo()}
        >
          Redo
        </button>
      </div>
      <span className="spacer" />
      <EngineLine />
    </header>
  );
}

/** GPU and model in a few words. */
function EngineLine() {
  const machine = useSessionState((state) => state.machine);
  const model = useSessionState((state) => state.model);
  const machineText = {
    loading: "starting the GPU …",
    failed: "no GPU",
    ready: machine.status === "ready" ? machine.value.adapter : "",
  }[machine.status];
  const modelText = {
    loading: "loading the model …",
    failed: "no model",
    ready: model.status === "ready" ? `${model.value.name} on ${model.value.provider}` : "",
  }[model.status];
  return (
    <span className="note" role="status">
      {machineText}
      {machine.status === "ready" && ` · ${modelText}`}
    </span>
  );
}
