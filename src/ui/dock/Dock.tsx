import { Tabs } from "@mantine/core";
import type { ComponentType } from "react";
import type { DockTab } from "../../editor/page.ts";
import { useApp, usePageState, useSessionState } from "../session-context.ts";
import classes from "./Dock.module.css";
import { EditsTab } from "./EditsTab.tsx";
import { HistoryTab } from "./HistoryTab.tsx";
import { LogTab } from "./LogTab.tsx";
import { ProgressTab } from "./ProgressTab.tsx";

const TABS: readonly { readonly id: DockTab; readonly label: string; readonly Content: ComponentType }[] = [
  { id: "progress", label: "Progress", Content: ProgressTab },
  { id: "history", label: "History", Content: HistoryTab },
  { id: "edits", label: "Edits", Content: EditsTab },
  { id: "log", label: "Log", Content: LogTab },
];

/** How the run goes, what was done, and what was said. */
export function Dock() {
  const { page } = useApp();
  const tab = usePageState((state) => state.tab);
  const counts = {
    history: useSessionState((state) => state.document?.history.entries.length ?? 0),
    edits: useSessionState((state) => state.document?.edits.length ?? 0),
  };
  return (
    <Tabs
      keepMountedMode="display-none"
      className={classes["dock"]!}
      value={tab}
      onChange={(value) => page.setState({ tab: value as DockTab })}
    >
      <Tabs.List>
        {TABS.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id} className={classes["tab"]!}>
            {label}
            {id in counts &&
              counts[id as keyof typeof counts] > 0 &&
              ` (${counts[id as keyof typeof counts]})`}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {TABS.map(({ id, Content }) => (
        <Tabs.Panel key={id} value={id} className={classes["panel"]!}>
          <Content />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
