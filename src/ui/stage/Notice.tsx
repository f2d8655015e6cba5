import type { ReactNode } from "react";
import classes from "./Notice.module.css";

/** Something the user has to know: what, and what to do about it. */
export function Notice({
  title,
  text,
  isToast = false,
  children,
}: {
  readonly title: string;
  readonly text: string;
  /** At the bottom, leaving the scene in sight. */
  readonly isToast?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section className={`${classes["notice"]} ${isToast ? classes["toast"] : ""}`} role="alert" data-overlay>
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      <div className={classes["buttons"]}>{children}</div>
    </section>
  );
}
