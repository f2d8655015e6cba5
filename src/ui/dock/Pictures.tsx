import { useEffect, useRef, useState } from "react";
import type { StepPictures } from "../../edit/events.ts";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Dock.module.css";
import { paint } from "./paint.ts";
import { TermSelect } from "./TermSelect.tsx";

/** The last training view of the run, what the edit wants to change in it, and on demand how the model sees it. */
export function Pictures() {
  const session = useSession();
  const pictures = usePictures();
  const wanted = useSessionState((state) => state.wanted);
  const { view, gradient, term, decoded } = pictures ?? {};
  // A term that has no weight in a step has no picture: the last one would be taken for it.
  const change = wanted.term === undefined ? gradient : term?.name === wanted.term ? term.picture : undefined;
  return (
    <div className={classes["pictures"]}>
      <figure>
        <Picture picture={view} label="Last training view" />
        <figcaption>
          <label title="How the model sees the view: its latent, decoded. Costs a decoder call a picture.">
            <input
              type="checkbox"
              checked={wanted.decoded ?? false}
              onChange={({ target }) => session.wantPictures({ ...wanted, decoded: target.checked })}
            />
            decode it
          </label>
        </figcaption>
      </figure>
      {wanted.decoded && (
        <figure>
          <Picture picture={decoded} label="Decoded latent of the last training view" />
          <figcaption>decoded latent</figcaption>
        </figure>
      )}
      <figure>
        <Picture
          picture={change}
          label={`Where ${wanted.term ?? "the edit"} wants to change the view: grey is nowhere, brighter is more`}
        />
        <figcaption>
          <TermSelect />
        </figcaption>
      </figure>
    </div>
  );
}

function usePictures(): StepPictures | undefined {
  const session = useSession();
  const [pictures, setPictures] = useState<StepPictures>();
  useEffect(() => session.onPictures(setPictures), [session]);
  // Until a run's first step there are only those of the run before.
  const hasStepped = useSessionState(({ progress }) => progress !== undefined);
  return hasStepped ? pictures : undefined;
}

function Picture({
  picture,
  label,
}: {
  readonly picture: StepPictures["view"] | undefined;
  readonly label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => paint(canvas.current, picture), [picture]);
  return <canvas ref={canvas} role="img" aria-label={label} />;
}
