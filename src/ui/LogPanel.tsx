import { useEffect, useRef } from "react";
import { useSessionState } from "./session-context.ts";

/** What happened, newest last, kept in sight. */
export function LogPanel() {
  const log = useSessionState((state) => state.log);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [log]);
  return (
    // Focusable, so that it scrolls by keyboard.
    <ol className="log" ref={list} role="log" aria-label="Log" tabIndex={0}>
      {log.map(({ id, time, level, text }) => (
        <li key={id} className={level}>
          <time dateTime={new Date(time).toISOString()}>{new Date(time).toLocaleTimeString()}</time>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}
