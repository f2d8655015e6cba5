import { createContext, use } from "react";
import { useStore } from "zustand";
import type { CommandContext } from "../editor/commands/command.ts";
import type { Models, ModelsState } from "../editor/models.ts";
import type { PageState } from "../editor/page.ts";
import type { Session } from "../editor/session.ts";
import type { SessionState } from "../editor/store.ts";

export interface AppParts extends CommandContext {
  readonly models: Models;
}

/** What every part of the page can reach. */
export const AppContext = createContext<AppParts | undefined>(undefined);

export function useApp(): AppParts {
  const context = use(AppContext);
  if (!context) throw new Error("useApp: no AppContext above this component");
  return context;
}

export const useSession = (): Session => useApp().session;

/** A part of the session's state; the component renders again when that part changes. */
export function useSessionState<T>(select: (state: SessionState) => T): T {
  return useStore(useSession().store, select);
}

/** The same of what is known of the models on this machine. */
export function useModelsState<T>(select: (state: ModelsState) => T): T {
  return useStore(useApp().models.store, select);
}

/** The same of the page's own state. */
export function usePageState<T>(select: (state: PageState) => T): T {
  return useStore(useApp().page, select);
}
