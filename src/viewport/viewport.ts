import type { Vec3 } from "../camera/camera.ts";
import { STANDARD_VIEWS } from "../camera/standard-views.ts";
import type { ViewActions } from "../editor/commands/command.ts";
import type { EngineClient } from "../worker/client.ts";
import { startFlying } from "./fly.ts";
import { createHandles, type Handles } from "./handles.ts";
import { createOrbit, type Focus, type Orbit } from "./orbit.ts";
import { selectionFocus } from "./selection-focus.ts";
import { anglesOf } from "./turn-to.ts";

/** What an arrow key turns the camera by, radians, and how much nearer + and − bring it. */
const TURN = Math.PI / 24;
const NEARER = 0.85;
/** Beyond this, more pixels cost time and show nothing. */
const MAX_PIXEL_RATIO = 2;

/** The place on the page where the engine draws, and the camera in front of it. */
export interface Viewport extends ViewActions {
  readonly element: HTMLElement;
  /** What can be moved in the scene by hand. */
  readonly handles: Handles;
  /**
   * A new canvas for the engine to draw on, in the place of the one before: Chrome shows nothing more on a canvas
   * whose GPU process has died.
   */
  newCanvas(): OffscreenCanvas;
  /** Puts the viewport into a place on the page; returns what takes it out again. */
  attach(place: HTMLElement): () => void;
  /** A first look at a scene. */
  show(scene: { readonly focus: Focus; readonly up: Vec3 }): void;
  /** What framing the whole and looking afresh go to from now on. */
  setFocus(focus: Focus): void;
  setNavigation(navigation: "orbit" | "fly"): void;
  /** Turns the camera around its focus, radians to the left and up. */
  turn(left: number, up: number): void;
  /** Tells, now and whenever it changes, how the camera sees the scene turned: see `Orbit.turned`. */
  watchTurn(listener: (turned: readonly number[]) => void): () => void;
  /** Pixels of the picture in a CSS pixel. */
  pixelRatio(): number;
}

export function createViewport(engine: EngineClient): Viewport {
  const element = document.createElement("div");
  element.className = "viewport";
  element.tabIndex = 0;
  element.role = "img";
  element.ariaLabel =
    "The scene. Arrow keys turn it, plus and minus come nearer and go back, F frames it, double click sets the focus.";
  element.ariaBusy = "true";
  engine.on("view", ({ isSettled }) => (element.ariaBusy = String(!isSettled)));
  const canvasPlace = document.createElement("div");
  canvasPlace.className = "viewport-canvas";
  element.append(canvasPlace);

  let size = { width: 1, height: 1, ratio: 1 }; // device pixels
  let first: Parameters<Viewport["show"]>[0] | undefined;
  let hasSelection = false;
  engine.on("document", ({ selected }) => (hasSelection = selected > 0));

  const watchers = new Set<Parameters<Viewport["watchTurn"]>[0]>();

  const send = (): void => {
    handles.draw();
    for (const watch of watchers) watch(orbit.turned());
    if (!first || !element.isConnected) return;
    // An engine without a GPU has nothing to draw with, and says so elsewhere.
    void engine.call("setCamera", { camera: orbit.camera(size.width, size.height) }).catch(() => {});
  };
  const orbit = createOrbit(element, send);
  const handles = createHandles(element, orbit);
  const aspect = (): number => size.width / size.height;

  const resize = new ResizeObserver(([entry]) => {
    const { width, height } = entry!.contentRect;
    const ratio = Math.min(devicePixelRatio, MAX_PIXEL_RATIO);
    size = {
      width: Math.max(1, Math.round(width * ratio)),
      height: Math.max(1, Math.round(height * ratio)),
      ratio,
    };
    send();
  });

  const reset = (): void => first && orbit.lookAt(first.focus, first.up, aspect());
  element.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    act(orbit);
    event.preventDefault();
  });
  element.addEventListener("dblclick", async ({ offsetX, offsetY }) => {
    const point = await engine
      .call("pick", { x: offsetX * size.ratio, y: offsetY * size.ratio })
      .catch(() => undefined);
    if (point) orbit.target(point);
  });

  let stopFlying: (() => void) | undefined;

  return {
    element,
    handles,
    reset,
    frame() {
      if (!first) return;
      const whole = first.focus;
      void (hasSelection ? selectionFocus(engine) : Promise.resolve(undefined))
        .catch(() => undefined)
        .then((focus) => orbit.frame(focus ?? whole, aspect()));
    },
    lookFrom: (id) => orbit.lookFrom(anglesOf(STANDARD_VIEWS.find((view) => view.id === id)!.from)),
    turnAround: orbit.turnAround,
    turn: orbit.turn,
    watchTurn(listener) {
      watchers.add(listener);
      listener(orbit.turned());
      return () => watchers.delete(listener);
    },
    setNavigation(navigation) {
      if ((navigation === "fly") === (stopFlying !== undefined)) return;
      stopFlying?.();
      stopFlying = navigation === "fly" ? startFlying(element, orbit) : undefined;
    },
    pixelRatio: () => size.ratio,
    newCanvas() {
      const canvas = document.createElement("canvas");
      canvasPlace.replaceChildren(canvas);
      // What is drawn before the page has first been composited with the canvas may never be seen: draw again then.
      requestAnimationFrame(() => requestAnimationFrame(send));
      return canvas.transferControlToOffscreen();
    },
    attach(place) {
      place.append(element);
      resize.observe(element);
      return () => {
        resize.disconnect();
        element.remove();
      };
    },
    show(scene) {
      first = scene;
      reset();
    },
    setFocus(focus) {
      if (first) first = { ...first, focus };
    },
  };
}

const KEYS: Readonly<Record<string, (orbit: Orbit) => void>> = {
  ArrowLeft: (orbit) => orbit.turn(TURN, 0),
  ArrowRight: (orbit) => orbit.turn(-TURN, 0),
  ArrowUp: (orbit) => orbit.turn(0, TURN),
  ArrowDown: (orbit) => orbit.turn(0, -TURN),
  "+": (orbit) => orbit.approach(NEARER),
  "=": (orbit) => orbit.approach(NEARER),
  "-": (orbit) => orbit.approach(1 / NEARER),
};
