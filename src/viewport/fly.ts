import type { Orbit } from "./orbit.ts";

/** Distances to the focus a second. */
const SPEED = 0.6;
const FAST = 5;
const SLOW = 0.2;
const LOOK = 0.004; // rad a pixel

/** By physical key, so that they lie under the left hand on every keyboard: right, up, forward. */
const MOVES: Readonly<Record<string, readonly [right: number, up: number, forward: number]>> = {
  KeyW: [0, 0, 1],
  KeyS: [0, 0, -1],
  KeyA: [-1, 0, 0],
  KeyD: [1, 0, 0],
  KeyE: [0, 1, 0],
  KeyQ: [0, -1, 0],
};

/** Flies while on: keys move, dragging looks around. Returns what ends it. */
export function startFlying(element: HTMLElement, orbit: Orbit): () => void {
  const held = new Set<string>();
  let pace = 1;
  let frame = 0;
  let last = 0;

  const animate = (now: number): void => {
    frame = 0;
    if (held.size === 0) return;
    const seconds = Math.min(0.1, (now - last) / 1000);
    last = now;
    const sum = [0, 0, 0];
    for (const code of held) MOVES[code]!.forEach((value, axis) => (sum[axis]! += value));
    const step = SPEED * pace * seconds;
    orbit.move(sum[0]! * step, sum[1]! * step, sum[2]! * step);
    frame = requestAnimationFrame(animate);
  };
  const down = (event: KeyboardEvent): void => {
    const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey) return;
    pace = event.shiftKey ? FAST : event.altKey ? SLOW : 1;
    if (!MOVES[event.code]) return;
    event.preventDefault();
    held.add(event.code);
    if (!frame) {
      last = performance.now();
      frame = requestAnimationFrame(animate);
    }
  };
  const up = (event: KeyboardEvent): void => {
    pace = event.shiftKey ? FAST : event.altKey ? SLOW : 1;
    held.delete(event.code);
  };
  const blur = (): void => held.clear();
  const drag = (event: PointerEvent): void => {
    if ((event.buttons & 1) === 1) orbit.look(-LOOK * event.movementX, -LOOK * event.movementY);
  };

  orbit.setRotates(false);
  window.addEventListener("keydown", down);
  window.addEventListener("keyup", up);
  window.addEventListener("blur", blur);
  element.addEventListener("pointermove", drag);
  return () => {
    cancelAnimationFrame(frame);
    orbit.setRotates(true);
    window.removeEventListener("keydown", down);
    window.removeEventListener("keyup", up);
    window.removeEventListener("blur", blur);
    element.removeEventListener("pointermove", drag);
  };
}
