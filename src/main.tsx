import { createRoot } from "react-dom/client";
import { upOf } from "./editor/form.ts";
import { createSession } from "./editor/session.ts";
import { isRunning } from "./editor/store.ts";
import { App } from "./ui/App.tsx";
import { createViewport } from "./viewport/viewport.ts";
import { startEngine } from "./worker/client.ts";

const session = createSession(startEngine(), document.baseURI);
const viewport = createViewport(session.engine);
session.store.subscribe(({ scene, form }, before) => {
  if (scene && (scene !== before.scene || form.up !== before.form.up)) {
    viewport.show({ focus: scene.focus, up: upOf(form, scene) });
  }
});
createRoot(document.getElementById("root")!).render(<App session={session} viewport={viewport} />);
void session.begin(viewport.newCanvas);

// Minutes of work should not end with a slip of the hand.
window.addEventListener("beforeunload", (event) => {
  if (isRunning(session.store.getState())) event.preventDefault();
});
