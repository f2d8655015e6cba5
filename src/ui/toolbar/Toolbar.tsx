import { Button, Kbd } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconDownload,
  IconFolderOpen,
  IconLayoutBottombar,
  IconLayoutSidebar,
  IconLayoutSidebarRight,
  IconSearch,
} from "@tabler/icons-react";
import { keyLabels } from "../../editor/commands/chord.ts";
import { CommandButton } from "../IconButton.tsx";
import { IS_MAC } from "../platform.ts";
import { usePageState, useSessionState } from "../session-context.ts";
import { useCommand } from "../use-commands.ts";
import { ICON } from "../icon-size.ts";
import { Menus } from "./Menus.tsx";
import { SchemeButton } from "./SchemeButton.tsx";
import classes from "./Toolbar.module.css";

/** Menus, files, history, and what the engine runs on. */
export function Toolbar() {
  const panels = usePageState((state) => state.panels);
  const history = useSessionState((state) => state.history);
  return (
    <header className={classes["bar"]}>
      <h1 className={classes["brand"]}>
        <img src="icon.svg" alt="" />
        <span className={classes["name"]}>Splatsmith</span>
      </h1>
      <Menus />
      <span className={classes["rule"]} />
      <CommandButton id="file.open" label="Open…">
        <IconFolderOpen {...ICON} />
      </CommandButton>
      <ExportButton />
      <span className={classes["rule"]} />
      <CommandButton id="edit.undo" label="Undo" help={history.undo && `Undo “${history.undo}”`}>
        <IconArrowBackUp {...ICON} />
      </CommandButton>
      <CommandButton id="edit.redo" label="Redo" help={history.redo && `Redo “${history.redo}”`}>
        <IconArrowForwardUp {...ICON} />
      </CommandButton>
      <span className={classes["spacer"]} />
      <EngineLine />
      <SearchButton />
      <span className={classes["rule"]} />
      <CommandButton id="view.panel.left" label="Scene panel" isPressed={panels.left}>
        <IconLayoutSidebar {...ICON} />
      </CommandButton>
      <CommandButton id="view.panel.dock" label="Progress and history" isPressed={panels.dock}>
        <IconLayoutBottombar {...ICON} />
      </CommandButton>
      <CommandButton id="view.panel.right" label="Edit panel" isPressed={panels.right}>
        <IconLayoutSidebarRight {...ICON} />
      </CommandButton>
      <SchemeButton />
    </header>
  );
}

function ExportButton() {
  const { command, isEnabled, run } = useCommand("file.export")!;
  return (
    <Button
      variant="default"
      size="xs"
      h="var(--icon)"
      px={9}
      aria-label={command.title}
      title={command.help ?? ""}
      disabled={!isEnabled}
      onClick={run}
    >
      <IconDownload {...ICON} />
      <span className={classes["exportText"]}>{command.title}</span>
    </Button>
  );
}

/** The palette is how a newcomer finds things, so it looks like a field, not like one icon of many. */
function SearchButton() {
  const { command, chord, run } = useCommand("help.palette")!;
  return (
    <button type="button" className={classes["search"]} aria-label={command.title} onClick={run}>
      <IconSearch size={15} stroke={1.7} aria-hidden />
      <span className={classes["searchText"]}>Search commands</span>
      {chord && <Kbd size="xs">{keyLabels(chord, IS_MAC).join(IS_MAC ? "" : " ")}</Kbd>}
    </button>
  );
}

/** GPU and model in a few words. */
function EngineLine() {
  const machine = useSessionState((state) => state.machine);
  const model = useSessionState((state) => state.model);
  const machineText = {
    loading: "starting the GPU …",
    failed: "no GPU",
    ready: machine.status === "ready" ? machine.value.adapter : "",
  }[machine.status];
  const modelText = {
    loading: "loading the model …",
    failed: "no model",
    ready: model.status === "ready" ? `${model.value.name} on ${model.value.provider}` : "",
  }[model.status];
  const text = machine.status === "ready" ? `${machineText} · ${modelText}` : machineText;
  return (
    <span className={classes["engine"]} role="status" title={text}>
      {text}
    </span>
  );
}
