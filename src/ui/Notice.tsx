import type { ReactNode } from "react";

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
    <section className={isToast ? "notice toast" : "notice"} role="alert">
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      <div className="buttons">{children}</div>
    </section>
  );
}
