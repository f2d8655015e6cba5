import { useEffect } from "react";
import { watchViews } from "../../editor/recent-views.ts";
import type { Viewport } from "../../viewport/viewport.ts";
import { usePageState, useSession } from "../session-context.ts";

/** Length of a drawn camera, as a share of what views look at. */
const LENGTH = 0.25;

/** While an edit runs: the views it has trained on last, drawn in the scene. */
export function TrainingViews({ viewport }: { readonly viewport: Viewport }) {
  const session = useSession();
  const isShown = usePageState((state) => state.showsViews);
  useEffect(() => {
    if (!isShown) return;
    const { store } = session;
    const stop = watchViews(store, ({ cameras, latest }) => {
      const depth = LENGTH * (store.getState().document?.focus.radius ?? 1);
      viewport.handles.showViews(cameras.length > 0 ? { cameras, latest, depth } : undefined);
    });
    return () => {
      stop();
      viewport.handles.showViews(undefined);
    };
  }, [session, viewport, isShown]);
  return null;
}
