import { adviceFor } from "../../diffusion/preset-advice.ts";
import { presets } from "../../diffusion/presets.ts";
import { isRunning } from "../../editor/store.ts";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Edit.module.css";

/** Where the words ask for what another preset does better. */
export function PresetAdvice() {
  const session = useSession();
  const form = useSessionState((state) => state.form);
  const advice = useSessionState((state) =>
    state.model.status === "ready" ? state.model.value.advice : NONE,
  );
  const running = useSessionState(isRunning);
  const advised = adviceFor(advice, form);
  if (running || !advised || advised.preset === form.preset) return null;
  return (
    <p className={classes["hint"]} role="status">
      “{advised.word}” is another kind of thing: “{presets.get(advised.preset).label}” moves splats further.{" "}
      <button type="button" className={classes["chip"]} onClick={() => session.choosePreset(advised.preset)}>
        Use that preset
      </button>
    </p>
  );
}

const NONE = [] as const;
