import { createContext, use } from "react";
import { useStore } from "zustand";
import type { Session } from "../editor/session.ts";
import type { SessionState } from "../editor/store.ts";

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("useSession: no SessionContext above this component");
  return session;
}

/** A part of the session's state; the component renders again when that part changes. */
export function useSessionState<T>(select: (state: SessionState) => T): T {
  return useStore(useSession().store, select);
}
