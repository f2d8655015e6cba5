import type { ReactNode } from "react";
import classes from "./Section.module.css";

/** A titled part of a panel that can be folded away. */
export function Section({
  title,
  note,
  isOpen = true,
  children,
}: {
  readonly title: string;
  /** Beside the title, folded or not. */
  readonly note?: ReactNode;
  readonly isOpen?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <details className={classes["section"]} open={isOpen}>
      <summary className={classes["summary"]}>
        <h2 className={classes["title"]}>{title}</h2>
        {note !== undefined && <span className={classes["note"]}>{note}</span>}
      </summary>
      <div className={classes["body"]}>{children}</div>
    </details>
  );
}
