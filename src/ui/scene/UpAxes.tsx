import { axisName, UP_AXES } from "../../editor/form.ts";
import { isRunning } from "../../editor/store.ts";
import edit from "../edit/Edit.module.css";
import { useSession, useSessionState } from "../session-context.ts";

/** Which way is up: first what the scene says or looks like. What is chosen is seen at once; the splats stay. */
export function UpAxes() {
  const session = useSession();
  const up = useSessionState(({ form }) => form.up);
  const guess = useSessionState(({ document }) => document && axisName(document.up)) ?? "tilted";
  const locked = useSessionState(isRunning);
  const chosen = up === "auto" ? guess : axisName(up);
  return (
    <div className={edit["region"]} role="group" aria-label="Up in this scene">
      {[guess, ...Object.keys(UP_AXES).filter((axis) => axis !== guess)].map((axis) => (
        <button
          key={axis}
          type="button"
          className={edit["chip"]}
          title={axis === guess ? "As the file says or the scene looks" : "Shows the scene that way up"}
          aria-pressed={axis === chosen}
          disabled={locked}
          onClick={() => session.fill({ up: axis === guess ? "auto" : UP_AXES[axis]! })}
        >
          {axis.replace("-", "−")}
        </button>
      ))}
    </div>
  );
}
