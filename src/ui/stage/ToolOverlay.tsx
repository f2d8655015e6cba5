import { useEffect, useRef, useState } from "react";
import type { Pixel, ScreenShape } from "../../document/screen.ts";
import { createToolDriver } from "../../editor/tools/driver.ts";
import { drawingTool } from "../../editor/tools/drawing-tools.ts";
import { MODE_BADGES, modeOf, modifiersOf, type Drawing, type Modifiers } from "../../editor/tools/tool.ts";
import type { Viewport } from "../../viewport/viewport.ts";
import { useApp, usePageState } from "../session-context.ts";
import classes from "./ToolOverlay.module.css";

const NO_MODIFIERS: Modifiers = { shift: false, ctrl: false };

/** What a tool draws over the scene: the shape, the brush, and a badge that says what the selection will do. */
export function ToolOverlay({ viewport }: { readonly viewport: Viewport }) {
  const context = useApp();
  const tool = usePageState((state) => state.tool);
  const radius = usePageState((state) => state.brushRadius);
  const chosen = usePageState((state) => state.selectMode);
  const [drawing, setDrawing] = useState<Drawing>();
  const [pointer, setPointer] = useState<Pixel>();
  const [modifiers, setModifiers] = useState(NO_MODIFIERS);
  const overlay = useRef<SVGSVGElement>(null);

  useEffect(() => {
    if (tool === undefined || tool === "sphere" || tool === "box") return;
    const driver = createToolDriver(context, tool, () => viewport.pixelRatio(), setDrawing);
    const stop = listen(viewport.element, { ...driver, onPointer: setPointer, onModifiers: setModifiers });
    return () => {
      stop();
      setDrawing(undefined);
      setPointer(undefined);
    };
  }, [context, tool, viewport]);

  if (tool === undefined) return null;
  const shape = drawing && drawingTool(tool)?.preview(drawing, { radius });
  const { sign } = MODE_BADGES[modeOf(modifiers, chosen)];
  return (
    <svg ref={overlay} className={classes["overlay"]} aria-hidden data-overlay>
      {shape && <Shape shape={shape} />}
      {pointer && tool === "brush" && (
        <circle className={classes["ring"]} cx={pointer[0]} cy={pointer[1]} r={radius} />
      )}
      {pointer && sign && (
        <text className={classes["badge"]} x={pointer[0] + 10} y={pointer[1] - 8}>
          {sign}
        </text>
      )}
    </svg>
  );
}

function Shape({ shape }: { readonly shape: ScreenShape }) {
  switch (shape.kind) {
    case "rectangle": {
      const [[x0, y0], [x1, y1]] = [shape.from, shape.to];
      return (
        <rect
          className={classes["shape"]}
          x={Math.min(x0, x1)}
          y={Math.min(y0, y1)}
          width={Math.abs(x1 - x0)}
          height={Math.abs(y1 - y0)}
        />
      );
    }
    case "polygon":
      return (
        <polygon className={classes["shape"]} points={shape.points.map((point) => point.join()).join(" ")} />
      );
    case "brush": {
      const points = shape.points.length === 1 ? [shape.points[0]!, shape.points[0]!] : shape.points;
      return (
        <polyline
          className={classes["stroke"]}
          strokeWidth={2 * shape.radius}
          points={points.map((point) => point.join()).join(" ")}
        />
      );
    }
  }
}

interface Listeners {
  handle(event: Parameters<ReturnType<typeof createToolDriver>["handle"]>[0], modifiers: Modifiers): void;
  isDrawing(): boolean;
  onPointer(at: Pixel | undefined): void;
  onModifiers(modifiers: Modifiers): void;
}

/**
 * The left button or one finger draws, before the camera's controls hear of it; the other buttons, the left one with
 * Alt, and two fingers still move the camera. Enter, Backspace and Escape are the tool's while something is drawn.
 */
function listen(element: HTMLElement, { handle, isDrawing, onPointer, onModifiers }: Listeners): () => void {
  const events = new AbortController();
  const options = { capture: true, signal: events.signal };
  let pressed: PointerEvent | undefined;
  let isHandingOver = false;
  const place = (event: PointerEvent | MouseEvent): Pixel => {
    const { left, top } = element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };

  /** What was pressed is no drawing but for the camera's controls, which have not heard of it yet. */
  const handOver = (press: PointerEvent): void => {
    giveUp(press);
    isHandingOver = true;
    element.dispatchEvent(new PointerEvent("pointerdown", press));
    isHandingOver = false;
  };
  const giveUp = (event: PointerEvent): void => {
    pressed = undefined;
    onPointer(undefined);
    handle({ kind: "abort" }, modifiersOf(event));
  };

  element.addEventListener(
    "pointerdown",
    (event) => {
      if (isHandingOver || event.button !== 0 || event.altKey) return;
      if (!event.isPrimary) return pressed && handOver(pressed);
      event.stopImmediatePropagation();
      element.focus();
      element.setPointerCapture(event.pointerId);
      pressed = event;
      handle({ kind: "down", at: place(event) }, modifiersOf(event));
    },
    options,
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerType === "touch" && !pressed) return; // it moves the camera
      onPointer(place(event));
      onModifiers(modifiersOf(event));
      if (!pressed && !isDrawing()) return;
      if (pressed) event.stopImmediatePropagation();
      handle({ kind: "move", at: place(event) }, modifiersOf(event));
    },
    options,
  );
  element.addEventListener(
    "pointerup",
    (event) => {
      if (!pressed) return;
      event.stopImmediatePropagation();
      pressed = undefined;
      handle({ kind: "up", at: place(event) }, modifiersOf(event));
    },
    options,
  );
  element.addEventListener(
    "dblclick",
    (event) => {
      event.stopImmediatePropagation();
      handle({ kind: "double", at: place(event) }, modifiersOf(event));
    },
    options,
  );
  element.addEventListener("pointercancel", (event) => pressed && giveUp(event), options);
  element.addEventListener("pointerleave", () => onPointer(undefined), options);
  window.addEventListener(
    "keydown",
    (event) => {
      onModifiers(modifiersOf(event));
      const kind = KEYS[event.key];
      if (!kind || !isDrawing()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      handle({ kind }, modifiersOf(event));
    },
    options,
  );
  window.addEventListener("keyup", (event) => onModifiers(modifiersOf(event)), options);
  return () => events.abort();
}

const KEYS: Readonly<Record<string, "finish" | "back" | "cancel">> = {
  Enter: "finish",
  Backspace: "back",
  Escape: "cancel",
};
