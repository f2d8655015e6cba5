import type { Comparison } from "../../worker/protocol.ts";
import { usePageState, useSessionState } from "../session-context.ts";

/** What the scene is compared with, and in words; `to` is undefined where that is no longer there. */
export function useOtherSide(): { readonly to: Comparison | undefined; readonly words: string } {
  const compareTo = usePageState((state) => state.compareTo);
  const edits = useSessionState((state) => state.document?.edits);
  if (compareTo === "original") return { to: compareTo, words: "original" };
  const edit = edits?.find(({ id, active, isOn }) => id === compareTo.without && active && isOn);
  return { to: edit && compareTo, words: `without “${edit?.target ?? ""}”` };
}
