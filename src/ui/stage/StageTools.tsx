import {
  IconArrowsSplit2,
  IconCamera,
  IconFocusCentered,
  IconHome,
  IconPlaneInflight,
} from "@tabler/icons-react";
import { ICON } from "../icon-size.ts";
import { CommandButton } from "../IconButton.tsx";
import { useApp, usePageState } from "../session-context.ts";
import { useCommand } from "../use-commands.ts";
import { useOtherSide } from "./use-other-side.ts";
import classes from "./Tools.module.css";

/** The camera, and the comparison with the original. */
export function StageTools() {
  const isFlying = usePageState(({ navigation }) => navigation === "fly");
  const hasWipe = usePageState(({ wipe }) => wipe !== undefined);
  const showsViews = usePageState((state) => state.showsViews);
  return (
    <div className={classes["tools"]} role="toolbar" aria-label="View" data-overlay>
      <CompareButton />
      <CommandButton id="view.wipe" label="Compare side by side" isPressed={hasWipe}>
        <IconArrowsSplit2 {...ICON} />
      </CommandButton>
      <CommandButton id="view.training-views" label="Training views" isPressed={showsViews}>
        <IconCamera {...ICON} />
      </CommandButton>
      <CommandButton id="view.frame" label="Frame">
        <IconFocusCentered {...ICON} />
      </CommandButton>
      <CommandButton id="view.reset" label="Reset the camera">
        <IconHome {...ICON} />
      </CommandButton>
      <CommandButton id="view.fly" label="Fly" isPressed={isFlying}>
        <IconPlaneInflight {...ICON} />
      </CommandButton>
    </div>
  );
}

/** Shows the other side of the comparison for as long as it is held, by pointer or key. */
function CompareButton() {
  const context = useApp();
  const { command, isEnabled } = useCommand("view.original")!;
  const held = usePageState((state) => state.showsOriginal);
  const isOriginal = useOtherSide().to === "original";
  const hold = (): void => command.run(context);
  const release = (): void => command.release?.(context);
  return (
    <button
      type="button"
      className={classes["hold"]}
      aria-pressed={held}
      disabled={!isEnabled}
      title={`Hold to see the scene ${isOriginal ? "as it was opened" : "without the edit compared"} (\\)`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId); // held until let go, wherever that is
        hold();
      }}
      onLostPointerCapture={release}
      onKeyDown={(event) => (event.key === " " || event.key === "Enter") && hold()}
      onKeyUp={release}
      onBlur={release}
    >
      {isOriginal ? "Hold for original" : "Hold to see without"}
    </button>
  );
}
