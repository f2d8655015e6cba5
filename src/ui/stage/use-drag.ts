import { useRef, type HTMLAttributes, type MouseEvent, type PointerEvent } from "react";

/** A press that moves no farther, in pixels, is a click. */
const STILL = 4;

interface Drag {
  readonly pointer: number;
  x: number;
  y: number;
  hasMoved: boolean;
}

type Handlers = Pick<
  HTMLAttributes<HTMLElement>,
  "onPointerDown" | "onPointerMove" | "onPointerUp" | "onPointerCancel" | "onClickCapture"
>;

/** Handlers for an element whose buttons can be clicked, and which can be dragged by them: `onDrag` is told by what. */
export function useDrag(onDrag: (right: number, down: number) => void): Handlers {
  const drag = useRef<Drag>(undefined);
  const wasDragged = useRef(false);
  const end = (event: PointerEvent): void => {
    if (event.pointerId !== drag.current?.pointer) return;
    wasDragged.current = drag.current.hasMoved;
    drag.current = undefined;
  };
  return {
    onPointerDown({ pointerId, isPrimary, button, clientX, clientY }) {
      if (button !== 0 || !isPrimary) return;
      wasDragged.current = false;
      drag.current = { pointer: pointerId, x: clientX, y: clientY, hasMoved: false };
    },
    onPointerMove(event) {
      const { current } = drag;
      if (event.pointerId !== current?.pointer) return;
      const [right, down] = [event.clientX - current.x, event.clientY - current.y];
      if (!current.hasMoved && Math.hypot(right, down) < STILL) return;
      // Only now, as clicks go to what has captured the pointer.
      if (!current.hasMoved) event.currentTarget.setPointerCapture(event.pointerId);
      Object.assign(current, { x: event.clientX, y: event.clientY, hasMoved: true });
      onDrag(right, down);
    },
    onPointerUp: end,
    onPointerCancel: end,
    onClickCapture(event: MouseEvent) {
      // One of the keyboard's has no count, and is not the end of a drag.
      if (wasDragged.current && event.detail > 0) event.stopPropagation();
      wasDragged.current = false;
    },
  };
}
