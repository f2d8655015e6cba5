import type { Pixel, ScreenShape } from "../../document/screen.ts";
import type { CommandContext } from "../commands/command.ts";
import { drawingTool } from "./drawing-tools.ts";
import { scaledShape } from "./pixels.ts";
import {
  modeOf,
  type Drawing,
  type Modifiers,
  type PointToolId,
  type ToolEvent,
  type ToolId,
} from "./tool.ts";

/** A tool at work: takes events in CSS pixels, and asks the engine for what they select. */
export interface ToolDriver {
  handle(event: ToolEvent, modifiers: Modifiers): void;
  isDrawing(): boolean;
}

export function createToolDriver(
  { session, page }: Pick<CommandContext, "session" | "page">,
  id: ToolId,
  pixelRatio: () => number,
  onDrawing: (drawing: Drawing) => void,
): ToolDriver {
  const tool = drawingTool(id);
  let drawing: Drawing;

  const select = (shape: ScreenShape, modifiers: Modifiers): void => {
    const { surfaceOnly, footprint, selectMode } = page.getState();
    void session.selectScreen({
      shape: scaledShape(shape, pixelRatio()),
      mode: modeOf(modifiers, selectMode),
      ...{ surfaceOnly, footprint },
    });
  };

  return {
    isDrawing: () => drawing !== undefined,
    handle(event, modifiers) {
      if (!tool) {
        if (event.kind === "up") void selectAt(id as PointToolId, event.at, modifiers);
        return;
      }
      const step = tool.step(drawing, event, { radius: page.getState().brushRadius });
      drawing = step.drawing;
      onDrawing(drawing);
      if (step.shape) select(step.shape, modifiers);
    },
  };

  /** What lies under the pointer decides; an empty place selects nothing. */
  async function selectAt(which: PointToolId, [x, y]: Pixel, modifiers: Modifiers): Promise<void> {
    const ratio = pixelRatio();
    const { tolerance, selectMode } = page.getState();
    const options = { threshold: tolerance, mode: modeOf(modifiers, selectMode) };
    if (which === "flood") {
      const point = await session.pointAt(x * ratio, y * ratio);
      if (point) await session.command("select.flood", { point, ...options });
    } else {
      const color = await session.colorAt(x * ratio, y * ratio);
      if (color) await session.command("select.color", { color, ...options });
    }
  }
}
