import { useEffect, useRef, type KeyboardEvent } from "react";
import { STANDARD_VIEWS, type StandardView } from "../../camera/standard-views.ts";
import type { Viewport } from "../../viewport/viewport.ts";
import { useDrag } from "./use-drag.ts";
import classes from "./ViewCube.module.css";

/** Turns a face that looks at the viewer to where it is on a cube. */
const FACES: Readonly<Record<StandardView["id"], string>> = {
  front: "",
  back: "rotateY(180deg)",
  right: "rotateY(90deg)",
  left: "rotateY(-90deg)",
  top: "rotateX(90deg)",
  bottom: "rotateX(-90deg)",
};

/** The camera looks along a face's axis; the cosine of half a degree. */
const STRAIGHT = Math.cos(Math.PI / 360);

/** Of a drag over the cube, radians a pixel: about as its surface goes along with the pointer. */
const DRAGGED = 1 / 35;
/** What an arrow key turns by, as in the scene. */
const PRESSED = Math.PI / 24;
const ARROWS: Readonly<Record<string, readonly [left: number, up: number]>> = {
  ArrowLeft: [PRESSED, 0],
  ArrowRight: [-PRESSED, 0],
  ArrowUp: [0, PRESSED],
  ArrowDown: [0, -PRESSED],
};

/** A cube that stands as the scene does. Dragging it turns the camera, and so do arrow keys; its faces look from there. */
export function ViewCube({ viewport }: { readonly viewport: Viewport }) {
  const cube = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      viewport.watchTurn((turn) => {
        cube.current!.style.transform = cssMatrix(turn);
        for (const [i, { from }] of STANDARD_VIEWS.entries()) {
          const towards = turn[6]! * from[0] + turn[7]! * from[1] + turn[8]! * from[2];
          cube.current!.children[i]!.ariaCurrent = String(towards > STRAIGHT);
        }
      }),
    [viewport],
  );
  const drag = useDrag((right, down) => viewport.turn(right * DRAGGED, down * DRAGGED));
  const press = (event: KeyboardEvent): void => {
    const turn = ARROWS[event.key];
    if (!turn) return;
    event.preventDefault();
    viewport.turn(...turn);
  };
  return (
    <div
      className={classes["place"]}
      role="group"
      aria-label="Look from"
      data-overlay
      {...drag}
      onKeyDown={press}
    >
      <div className={classes["cube"]} ref={cube}>
        {STANDARD_VIEWS.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            className={classes["face"]}
            style={{ transform: `${FACES[id]} translateZ(var(--half))` }}
            onClick={() => viewport.lookFrom(id)}
          >
            {label}
          </button>
        ))}
      </div>
    </div>
  );
}

/** A row-major rotation for CSS, whose y points down and whose matrices are column-major. */
function cssMatrix(turn: readonly number[]): string {
  const at = (row: number, column: number): number => {
    const isMirrored = (row === 1) !== (column === 1);
    return isMirrored ? -turn[3 * row + column]! : turn[3 * row + column]!;
  };
  const columns = [0, 1, 2].map((column) => [at(0, column), at(1, column), at(2, column), 0]);
  const values = [...columns.flat(), 0, 0, 0, 1].map((value) => value.toFixed(6));
  return `matrix3d(${values.join(",")})`;
}
