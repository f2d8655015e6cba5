import { createRoot } from "react-dom/client";
import { browserFolders } from "./editor/kept-folder.ts";
import { launchedFiles } from "./editor/launched.ts";
import { createModels } from "./editor/models.ts";
import { createPage, setNarrow, togglePanel } from "./editor/page.ts";
import { createReporting } from "./editor/reporting.ts";
import { createSession } from "./editor/session.ts";
import { isRunning } from "./editor/store.ts";
import { keepOffline } from "./offline.ts";
import { App } from "./ui/App.tsx";
import { followScene } from "./viewport/follow-scene.ts";
import { createViewport } from "./viewport/viewport.ts";
import { startEngine, startModels } from "./worker/client.ts";

const page = createPage(localStorage);
const session = createSession(startEngine(), document.baseURI, {
  kept: page.getState(),
  remember: (choice) => page.setState(choice),
  folders: browserFolders,
});
const reporting = createReporting(session.store);
const models = createModels(startModels(), reporting, () => navigator.storage.persist());
// Where there is little room, the scene comes first.
if (matchMedia("(max-width: 1100px)").matches) togglePanel(page, "left", false);
const narrow = matchMedia("(max-width: 900px)");
setNarrow(page, narrow.matches);
narrow.addEventListener("change", ({ matches }) => setNarrow(page, matches));
const viewport = createViewport(session.engine);
followScene(session.store, viewport);
session.store.subscribe(({ scene }, before) => {
  // A volume is about the scene it was put into.
  if (scene !== before.scene) page.setState({ volume: undefined, tool: undefined, gizmo: undefined });
});
page.subscribe(({ navigation }, before) => {
  if (navigation !== before.navigation) viewport.setNavigation(navigation);
});
createRoot(document.getElementById("root")!).render(
  <App session={session} models={models} page={page} viewport={viewport} />,
);
// ?url=… opens a scene from the web.
const address = new URLSearchParams(location.search).get("url") ?? undefined;
const files = launchedFiles((later) => void session.openLaunched(later));
void session
  .begin(viewport.newCanvas, { address, files })
  // Keeping every file for later must not delay those that are needed now.
  .then(() => keepOffline(page, reporting));
void models.refresh();

// Minutes of work should not end with a slip of the hand.
window.addEventListener("beforeunload", (event) => {
  if (isRunning(session.store.getState())) event.preventDefault();
});
