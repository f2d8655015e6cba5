import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useSessionState } from "../session-context.ts";
import { useCommand } from "../use-commands.ts";
import { LayerRow } from "./LayerRow.tsx";
import classes from "./Scene.module.css";

/** The layers of the document, in the order they are listed everywhere. */
export function Layers() {
  const layers = useSessionState((state) => state.document!.layers);
  const add = useCommand("file.add");
  const merge = useCommand("layer.merge");
  return (
    <>
      <ul className={classes["layers"]} aria-label="Layers">
        {layers.map((layer, index) => (
          <LayerRow key={layer.id} layer={layer} index={index} count={layers.length} />
        ))}
      </ul>
      <div className={classes["inline"]}>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={!add?.isEnabled}
          onClick={add?.run}
        >
          Add a scene…
        </Button>
        {layers.length > 1 && (
          <Button variant="default" size="compact-xs" disabled={!merge?.isEnabled} onClick={merge?.run}>
            Merge shown
          </Button>
        )}
      </div>
    </>
  );
}
