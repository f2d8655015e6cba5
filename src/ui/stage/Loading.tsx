import { Button, Progress } from "@mantine/core";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Notice.module.css";

/** How far a scene is that comes from an address or is read, and a way out. */
export function Loading() {
  const { stopLoading } = useSession();
  const loading = useSessionState((state) => state.loading);
  const busy = useSessionState((state) => state.busy);
  if (!loading) return null;
  const { share } = loading;
  return (
    <section className={`${classes["notice"]} ${classes["loading"]}`} aria-label="Loading" data-overlay>
      <div className={classes["loadingText"]}>
        <p>{busy}</p>
        <Progress value={100 * (share ?? 1)} animated={share === undefined} aria-label="Scene" />
      </div>
      <Button variant="default" size="xs" onClick={stopLoading}>
        Cancel loading
      </Button>
    </section>
  );
}
