import { Button } from "@mantine/core";
import { counted } from "../../formats/words.ts";
import type { RecoveryEntry } from "../../worker/protocol.ts";
import { useSession, useSessionState } from "../session-context.ts";
import { useObjectUrl } from "../use-object-url.ts";
import { Dialog } from "./Dialog.tsx";
import classes from "./Recovery.module.css";

/** Offers unsaved work of a tab that is gone. */
export function RecoveryDialog() {
  const session = useSession();
  const entries = useSessionState((state) => state.recovery);
  return (
    <Dialog
      title="Unsaved work was found"
      closeLabel="Later"
      isOpen={entries.length > 0}
      onClose={session.postponeRecovery}
    >
      <p>A tab was closed or crashed before this was exported. Recovering brings it back with its history.</p>
      <ul className={classes["list"]}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
    </Dialog>
  );
}

function Entry({ entry }: { readonly entry: RecoveryEntry }) {
  const session = useSession();
  const { id, name, time, changes, thumbnail } = entry;
  const picture = useObjectUrl(thumbnail);
  return (
    <li className={classes["entry"]}>
      {picture ? <img src={picture} alt="" /> : <span className={classes["blank"]} />}
      <div className={classes["text"]}>
        <strong>{name}</strong>
        <span>
          {counted(changes, "change")}, {new Date(time).toLocaleString()}
        </span>
      </div>
      <Button size="xs" onClick={() => void session.recover(id)}>
        Recover
      </Button>
      <Button size="xs" variant="default" onClick={() => void session.discardRecovery(id)}>
        Discard
      </Button>
    </li>
  );
}
