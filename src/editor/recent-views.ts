import type { Camera } from "../camera/camera.ts";
import { isRunning, type SessionState, type SessionStore } from "./store.ts";

/** From where a run has looked at the scene last, oldest first. */
export interface RecentViews {
  readonly cameras: readonly Camera[];
  /** How many of the last ones are of the latest step. */
  readonly latest: number;
}

const NONE: RecentViews = { cameras: [], latest: 0 };
const KEPT = 24;

/** Tells of the last views while a run goes on, and of none when it has ended; returns what ends that. */
export function watchViews(store: SessionStore, tell: (views: RecentViews) => void): () => void {
  let views = NONE;
  const follow = (state: SessionState, before?: SessionState): void => {
    if (state.progress === before?.progress && isRunning(state) === (before && isRunning(before))) return;
    const cameras = isRunning(state) ? (state.progress?.cameras ?? []) : [];
    views =
      cameras.length > 0
        ? { cameras: [...views.cameras, ...cameras].slice(-KEPT), latest: cameras.length }
        : NONE;
    tell(views);
  };
  follow(store.getState());
  return store.subscribe(follow);
}
