import { Button } from "@mantine/core";
import type { Problem as Facts } from "../../editor/store.ts";
import classes from "./Models.module.css";

/** What went wrong with a model, and what to do about it. */
export function Problem({ problem, onClose }: { readonly problem: Facts; readonly onClose: () => void }) {
  return (
    <section className={classes["problem"]} role="alert">
      <div>
        <strong>{problem.message}</strong>
        {problem.hint && <p>{problem.hint}</p>}
      </div>
      <Button variant="default" size="xs" onClick={onClose}>
        Dismiss
      </Button>
    </section>
  );
}
