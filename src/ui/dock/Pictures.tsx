import { useEffect, useRef } from "react";
import { useSession } from "../session-context.ts";
import classes from "./Dock.module.css";
import { paint } from "./paint.ts";

/** The last training view of the run, and what the edit wants to change in it. */
export function Pictures() {
  const session = useSession();
  const view = useRef<HTMLCanvasElement>(null);
  const gradient = useRef<HTMLCanvasElement>(null);
  useEffect(
    () =>
      session.onPictures((pictures) => {
        paint(view.current, pictures.view);
        paint(gradient.current, pictures.gradient);
      }),
    [session],
  );
  return (
    <div className={classes["pictures"]}>
      <figure>
        <canvas ref={view} role="img" aria-label="Last training view" />
        <figcaption>training view</figcaption>
      </figure>
      <figure>
        <canvas
          ref={gradient}
          role="img"
          aria-label="Where the edit wants to change the view: grey is nowhere, brighter is more"
        />
        <figcaption title="Grey: leave as it is. Brighter: raise this colour channel. Darker: lower it.">
          wanted change
        </figcaption>
      </figure>
    </div>
  );
}
