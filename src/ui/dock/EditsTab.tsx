import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { RgbaPicture } from "../../edit/pictures.ts";
import { methods } from "../../diffusion/methods/index.ts";
import { isRunning } from "../../editor/store.ts";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Dock.module.css";
import { paint } from "./paint.ts";

/** Every edit from words that the history knows, with what it was made with. */
export function EditsTab() {
  const session = useSession();
  const edits = useSessionState((state) => state.document?.edits ?? NONE);
  const runs = useSessionState((state) => state.runs);
  const locked = useSessionState(isRunning);
  if (edits.length === 0) {
    return (
      <p className={classes["empty"]}>Edits from words are listed here, with what they were made with.</p>
    );
  }
  return (
    <ol className={classes["list"]} aria-label="Edits from words">
      {edits.map(({ id, source, target, method, steps, seed, active }) => (
        <li key={id} className={classes["row"]}>
          <Thumbnail picture={runs.find((run) => run.id === id)?.picture} />
          <div className={classes["grow"]}>
            <div
              className={`${classes["grow"]} ${active ? "" : classes["future"]}`}
              title={`${source} → ${target}`}
            >
              {target}
            </div>
            <div className={classes["side"]}>
              {methods.has(method) ? methods.get(method).id.toUpperCase() : method} · {steps} steps · seed{" "}
              {seed}
              {active ? "" : " · undone"}
            </div>
          </div>
          <Button
            variant="default"
            size="compact-xs"
            disabled={locked}
            title="Fills in its words and settings with the next seed; the next edit starts from where the scene is now"
            onClick={() => session.reuse(id)}
          >
            Use again from here
          </Button>
        </li>
      ))}
    </ol>
  );
}

const NONE: readonly never[] = [];

function Thumbnail({ picture }: { readonly picture: RgbaPicture | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => picture && paint(canvas.current, picture), [picture]);
  return <canvas ref={canvas} className={classes["thumb"]} aria-hidden />;
}
