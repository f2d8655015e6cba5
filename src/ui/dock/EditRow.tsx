import { Button, Menu, Switch } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useRef } from "react";
import { methods } from "../../diffusion/methods/index.ts";
import { isIdle } from "../../editor/commands/conditions.ts";
import { counted } from "../../formats/words.ts";
import type { EditInfo } from "../../worker/protocol.ts";
import { ICON } from "../icon-size.ts";
import { IconButton } from "../IconButton.tsx";
import { useApp, usePageState, useSessionState } from "../session-context.ts";
import { useObjectUrl } from "../use-object-url.ts";
import classes from "./Dock.module.css";

/** One edit from words: whether the scene has it, how it looked, what made it, and a menu of what else can be done. */
export function EditRow({ edit }: { readonly edit: EditInfo }) {
  const context = useApp();
  const idle = useSessionState(() => isIdle(context));
  const { id, source, target, active, isOn } = edit;
  const canChange = idle && active;
  const command = (name: string, params = {}) => void context.session.command(name, { edit: id, ...params });
  return (
    <li className={classes["row"]}>
      <Switch
        size="xs"
        checked={active && isOn}
        disabled={!canChange || !edit.hasParts}
        aria-label={`“${target}” in the scene`}
        title="Takes this edit out of the scene, or puts it back; later ones stay"
        onChange={() => command("edits.switch", { isOn: !isOn })}
      />
      <Thumbnail bytes={edit.thumbnail} />
      <div className={classes["grow"]}>
        <div
          className={`${classes["grow"]} ${active && isOn ? "" : classes["future"]}`}
          title={`${source} → ${target}`}
        >
          {source && <span className={`${classes["side"]} ${classes["source"]}`}>{source} → </span>}
          {target}
        </div>
        <div className={classes["side"]}>{madeWith(edit)}</div>
      </div>
      <CompareButton edit={edit} />
      <Menu position="top-end">
        <Menu.Target>
          <IconButton label={`More of “${target}”`} disabled={!idle}>
            <IconDots {...ICON} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            title="Fills in its words and settings with the next seed; the next edit starts from where the scene is now"
            onClick={() => context.session.reuse(id)}
          >
            Use again from here
          </Menu.Item>
          <Menu.Item
            disabled={!canChange || !edit.hasParts}
            title="New layers as they were after this edit, to go on from; those of now are kept, hidden"
            onClick={() => command("edits.branch")}
          >
            Branch from here
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item c="var(--danger)" disabled={!canChange} onClick={() => command("edits.remove")}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

function madeWith({ method, steps, seed, active, isOn }: EditInfo): string {
  const name = methods.has(method) ? methods.get(method).id.toUpperCase() : method;
  const state = active ? (isOn ? [] : ["off"]) : ["undone"];
  return [name, counted(steps, "step"), `seed ${seed}`, ...state].join(" · ");
}

/** Shows the scene without the edit beside the scene, on the left of a line that can be dragged. */
function CompareButton({ edit: { id, target, active, isOn, hasParts } }: { readonly edit: EditInfo }) {
  const { page } = useApp();
  const running = useSessionState((state) => state.runState !== "ended");
  const isCompared = usePageState(({ compareTo, wipe }) => {
    return wipe !== undefined && compareTo !== "original" && compareTo.without === id;
  });
  const toggle = (): void =>
    page.setState(
      isCompared
        ? { compareTo: "original", wipe: undefined }
        : { compareTo: { without: id }, wipe: page.getState().wipe ?? 0.5 },
    );
  return (
    <Button
      variant="default"
      size="compact-xs"
      aria-pressed={isCompared}
      aria-label={`Compare without “${target}”`}
      disabled={running || !active || !isOn || !hasParts}
      title="The scene without this edit on the left of a line, with it on the right"
      {...(isCompared && { c: "var(--accent)" })}
      onClick={toggle}
    >
      Compare
    </Button>
  );
}

function Thumbnail({ bytes }: { readonly bytes: Uint8Array | undefined }) {
  const url = useObjectUrl(useSame(bytes));
  return url ? <img className={classes["thumb"]} src={url} alt="" /> : <span className={classes["thumb"]} />;
}

/** The bytes of before while they say the same: every change of the document brings new copies. */
function useSame(bytes: Uint8Array | undefined): BlobPart | undefined {
  const last = useRef<Uint8Array>(undefined);
  const isSame =
    bytes?.length === last.current?.length && bytes?.every((byte, i) => byte === last.current![i]);
  if (!isSame) last.current = bytes;
  return last.current as BlobPart | undefined;
}
