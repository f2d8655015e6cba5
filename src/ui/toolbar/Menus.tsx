import { Button, Kbd, Menu } from "@mantine/core";
import { GROUPS, type Group } from "../../editor/commands/command.ts";
import { keyLabels } from "../../editor/commands/chord.ts";
import { IS_MAC } from "../platform.ts";
import { useCommands, type OfferedCommand } from "../use-commands.ts";
import { DemoItems } from "./DemoItems.tsx";
import { RecentItems } from "./RecentItems.tsx";

/** One menu for each group of the command table. */
export function Menus() {
  const offered = useCommands();
  return (
    <nav aria-label="Menus" style={{ display: "flex" }}>
      {GROUPS.map((group) => (
        <GroupMenu
          key={group}
          group={group}
          items={offered.filter(({ command }) => command.group === group)}
        />
      ))}
    </nav>
  );
}

function GroupMenu({ group, items }: { readonly group: Group; readonly items: readonly OfferedCommand[] }) {
  const shown = items.filter(({ command }) => !command.isKeyOnly);
  const first = shown.find(({ isEnabled }) => isEnabled) ?? shown[0];
  return (
    <Menu position="bottom-start" offset={4} width={group === "File" ? 270 : 330}>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-sm" c="var(--text)" px={8} fw={400}>
          {group}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="calc(100dvh - 56px)" style={{ overflowY: "auto" }}>
        {shown.map(({ command, isEnabled, chord, run }) => (
          // With the disabled attribute none could take the focus, without which no key closes the menu.
          <Menu.Item
            key={command.id}
            data-disabled={!isEnabled}
            aria-disabled={!isEnabled}
            data-autofocus={command === first?.command || undefined}
            title={command.help ?? ""}
            rightSection={chord && <Kbd size="xs">{keyLabels(chord, IS_MAC).join(IS_MAC ? "" : " ")}</Kbd>}
            onClick={run}
          >
            {command.title}
          </Menu.Item>
        ))}
        {group === "File" && <RecentItems />}
        {group === "File" && <DemoItems />}
      </Menu.Dropdown>
    </Menu>
  );
}
