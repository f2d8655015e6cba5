import { Kbd } from "@mantine/core";
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { keyLabels } from "../../editor/commands/chord.ts";
import { GROUPS } from "../../editor/commands/command.ts";
import { IS_MAC } from "../platform.ts";
import { useApp, usePageState, useSessionState } from "../session-context.ts";
import { useCommands } from "../use-commands.ts";

const [store, palette] = createSpotlight();

/** Everything the page can do now, by name. */
export function Palette() {
  const { page, session } = useApp();
  const isOpen = usePageState(({ dialog }) => dialog === "palette");
  const demos = useSessionState((state) => state.demos);
  const offered = useCommands();
  const [query, setQuery] = useState("");
  useEffect(() => (isOpen ? palette.open() : palette.close()), [isOpen]);
  useEffect(() => (isOpen ? typedAhead((text) => setQuery((so) => so + text)) : undefined), [isOpen]);

  const actions = useMemo<SpotlightActionGroupData[]>(() => {
    const groups = GROUPS.map((group) => ({
      group,
      actions: offered
        .filter(({ command, isEnabled }) => command.group === group && isEnabled && !command.isKeyOnly)
        .map(({ command: { id, title, help }, chord, run }) => ({
          id,
          label: title,
          ...(help && { description: help }),
          ...(chord && { rightSection: <Kbd size="xs">{keyLabels(chord, IS_MAC).join(" ")}</Kbd> }),
          onClick: run,
        })),
    }));
    const scenes = demos.map(({ id, name }) => ({
      id: `demo.${id}`,
      label: `Open ${name}`,
      onClick: () => void session.openDemo(id),
    }));
    return [...groups, { group: "Demo scenes", actions: scenes }].filter((group) => group.actions.length > 0);
  }, [offered, demos, session]);

  return (
    <Spotlight
      store={store}
      actions={actions}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      nothingFound="No command has that in its name."
      highlightQuery
      scrollable
      maxHeight={440}
      attributes={{ content: { "aria-label": "Search all commands" } }}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      searchProps={{
        "aria-label": "Search commands",
        leftSection: <IconSearch size={18} stroke={1.6} aria-hidden />,
        placeholder: "What do you want to do?",
      }}
      onSpotlightClose={() =>
        // A command that opens another dialog has done so already.
        page.setState(({ dialog }) => ({ dialog: dialog === "palette" ? undefined : dialog }))
      }
    />
  );
}

/** Letters that come before the field has the focus belong in it all the same. */
function typedAhead(add: (text: string) => void): () => void {
  const onKey = (event: KeyboardEvent): void => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (key.length > 1 || ctrlKey || metaKey || altKey) return;
    if (target instanceof Element && target.closest('[role="dialog"]')) return;
    event.preventDefault();
    add(key);
  };
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}
