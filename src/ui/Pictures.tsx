import { useEffect, useRef } from "react";
import type { RgbaPicture } from "../edit/pictures.ts";
import { useSession, useSessionState } from "./session-context.ts";

/** The last training view of the run, and what the edit wants to change in it. */
export function Pictures() {
  const session = useSession();
  const hasRun = useSessionState((state) => state.progress !== undefined);
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
    <div className="pictures" hidden={!hasRun}>
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

function paint(canvas: HTMLCanvasElement | null, { width, height, data }: RgbaPicture): void {
  if (!canvas) return;
  canvas.width = width;
  canvas.height = height;
  // Read frequently or not, this keeps the picture in memory, where a GPU process that dies cannot take it along.
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
}
