import {
  IconArrowsMove,
  IconBoxModel2,
  IconBrush,
  IconColorPicker,
  IconLasso,
  IconMarquee2,
  IconPolygon,
  IconResize,
  IconRotate,
  IconSphere,
  IconBucketDroplet,
  IconMagnet,
} from "@tabler/icons-react";
import { TOOLS } from "../../editor/commands/tool-commands.ts";
import type { GizmoMode } from "../../editor/page.ts";
import type { ToolId } from "../../editor/tools/tool.ts";
import { ICON } from "../icon-size.ts";
import { CommandButton } from "../IconButton.tsx";
import { usePageState } from "../session-context.ts";
import classes from "./Tools.module.css";

const TOOL_ICONS: Readonly<Record<ToolId, typeof IconBrush>> = {
  rectangle: IconMarquee2,
  lasso: IconLasso,
  polygon: IconPolygon,
  brush: IconBrush,
  flood: IconBucketDroplet,
  eyedropper: IconColorPicker,
  sphere: IconSphere,
  box: IconBoxModel2,
};
const GIZMO_ICONS = { translate: IconArrowsMove, rotate: IconRotate, scale: IconResize } as const;

/** Selection tools and gizmos. Without one in hand, the pointer moves the camera. */
export function ToolStrip() {
  const tool = usePageState((state) => state.tool);
  const gizmo = usePageState((state) => state.gizmo);
  const snaps = usePageState((state) => state.snaps);
  return (
    <div
      className={classes["strip"]}
      role="toolbar"
      aria-label="Tools"
      aria-orientation="vertical"
      data-overlay
    >
      {TOOLS.map(({ id }) => {
        const Icon = TOOL_ICONS[id];
        return (
          <CommandButton key={id} id={`tool.${id}`} isPressed={tool === id} tooltipSide="right">
            <Icon {...ICON} />
          </CommandButton>
        );
      })}
      <hr />
      {Object.entries(GIZMO_ICONS).map(([id, Icon]) => (
        <CommandButton
          key={id}
          id={`gizmo.${id}`}
          isPressed={gizmo === (id as GizmoMode)}
          tooltipSide="right"
        >
          <Icon {...ICON} />
        </CommandButton>
      ))}
      <CommandButton id="gizmo.snap" isPressed={snaps} tooltipSide="right">
        <IconMagnet {...ICON} />
      </CommandButton>
    </div>
  );
}
