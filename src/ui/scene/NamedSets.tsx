import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { modeOf, modifiersOf } from "../../editor/tools/tool.ts";
import fields from "../fields/Field.module.css";
import { formatCount } from "../format.ts";
import { ICON } from "../icon-size.ts";
import { IconButton } from "../IconButton.tsx";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Scene.module.css";

/** Selections that were kept under a name. */
export function NamedSets() {
  const session = useSession();
  const { sets, selected } = useSessionState((state) => state.document!);
  const [name, setName] = useState("");
  const save = (): void => {
    void session.command("set.save", { name });
    setName("");
  };
  return (
    <>
      <h3 className={classes["sub"]}>Saved selections</h3>
      <div className={classes["inline"]}>
        <input
          className={fields["text"]}
          type="text"
          aria-label="Name for the selection"
          placeholder={`Set ${sets.length + 1}`}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && selected > 0 && save()}
        />
        <Button variant="default" size="xs" h={30} disabled={selected === 0} onClick={save}>
          Save
        </Button>
      </div>
      {sets.length > 0 && (
        <ul className={classes["layers"]} aria-label="Saved selections">
          {sets.map((set) => (
            <li key={set.id} className={classes["layer"]}>
              <Button
                variant="subtle"
                color="gray"
                c="var(--text)"
                size="compact-sm"
                fw={400}
                justify="flex-start"
                flex={1}
                title="Select it; Shift adds it, Ctrl removes it, both keep what is in both"
                onClick={(event) =>
                  void session.command("set.select", {
                    set: set.id,
                    mode: modeOf(modifiersOf(event), "set"),
                  })
                }
              >
                {set.name}
              </Button>
              <span className={classes["count"]}>{formatCount(set.count)}</span>
              <IconButton
                label={`Forget ${set.name}`}
                onClick={() => void session.command("set.remove", { set: set.id })}
              >
                <IconTrash {...ICON} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
