import { Menu, TextInput } from "@mantine/core";
import { IconDots, IconEye, IconEyeOff, IconLock } from "@tabler/icons-react";
import { useState } from "react";
import type { AnyFields } from "../../core/params.ts";
import { isIdle } from "../../editor/commands/conditions.ts";
import { modeOf, modifiersOf } from "../../editor/tools/tool.ts";
import type { LayerInfo } from "../../worker/protocol.ts";
import { formatCount } from "../format.ts";
import { ICON } from "../icon-size.ts";
import { IconButton } from "../IconButton.tsx";
import { useApp, useSessionState } from "../session-context.ts";
import classes from "./Scene.module.css";

/** One layer: whether it is shown, its name, and a menu of the rest. */
export function LayerRow({
  layer,
  index,
  count,
}: {
  readonly layer: LayerInfo;
  readonly index: number;
  readonly count: number;
}) {
  const context = useApp();
  const idle = useSessionState(() => isIdle(context));
  const [isRenaming, setRenaming] = useState(false);
  const { id, name, alive, visible, locked, shDegree } = layer;
  const act =
    (command: string, params: AnyFields = {}) =>
    () =>
      void context.session.command(command, { layer: id, ...params });
  const rename = (next: string): void => {
    setRenaming(false);
    if (next.trim() && next !== name) act("layer.rename", { name: next })();
  };
  return (
    <li className={classes["layer"]}>
      <IconButton
        label={visible ? `Hide ${name}` : `Show ${name}`}
        disabled={!idle}
        onClick={act("layer.show", { visible: !visible })}
      >
        {visible ? <IconEye {...ICON} /> : <IconEyeOff {...ICON} />}
      </IconButton>
      {isRenaming ? (
        <TextInput
          size="xs"
          aria-label="Name of the layer"
          defaultValue={name}
          autoFocus
          flex={1}
          onBlur={(event) => rename(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") rename(event.currentTarget.value);
            if (event.key === "Escape") setRenaming(false);
          }}
        />
      ) : (
        <span
          className={`${classes["name"]} ${visible ? "" : classes["hiddenLayer"]}`}
          title={`${name}, SH ${shDegree}`}
          onDoubleClick={() => setRenaming(true)}
        >
          {name}
        </span>
      )}
      {locked && <IconLock size={14} role="img" aria-label="locked" />}
      <span className={classes["count"]}>{formatCount(alive)}</span>
      <Menu
        position="bottom-end"
        returnFocus={!isRenaming} // else it would take the focus from the name's field, which then closes
      >
        <Menu.Target>
          <IconButton label={`More of ${name}`} disabled={!idle}>
            <IconDots {...ICON} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            title="Shift adds it to the selection, Ctrl removes it, both keep what is in both"
            onClick={(event) => act("select.layer", { mode: modeOf(modifiersOf(event), "set") })()}
          >
            Select its splats
          </Menu.Item>
          <Menu.Item onClick={act("layer.solo")}>Show only this, or all again</Menu.Item>
          <Menu.Item onClick={() => setRenaming(true)}>Rename</Menu.Item>
          <Menu.Item onClick={act("layer.duplicate")}>Duplicate</Menu.Item>
          <Menu.Item onClick={act("layer.lock", { locked: !locked })}>{locked ? "Unlock" : "Lock"}</Menu.Item>
          <Menu.Item disabled={index === 0} onClick={act("layer.reorder", { index: index - 1 })}>
            Move up
          </Menu.Item>
          <Menu.Item disabled={index === count - 1} onClick={act("layer.reorder", { index: index + 1 })}>
            Move down
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item c="var(--danger)" onClick={act("layer.remove")}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
