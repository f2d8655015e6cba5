import { Button, CopyButton } from "@mantine/core";
import { useEffect, useRef } from "react";
import { reportOf } from "../../editor/report.ts";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Dock.module.css";

/** What happened, newest last, kept in sight; and all of it as text, to be sent along with a question. */
export function LogTab() {
  const session = useSession();
  const log = useSessionState((state) => state.log);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.lastElementChild?.scrollIntoView({ block: "nearest" });
  }, [log]);
  return (
    <>
      <div style={{ float: "right", margin: "8px 14px" }}>
        <CopyButton value={reportOf(session.store.getState(), navigator.userAgent)}>
          {({ copied, copy }) => (
            <Button variant="default" size="compact-xs" onClick={copy}>
              {copied ? "Copied" : "Copy as report"}
            </Button>
          )}
        </CopyButton>
      </div>
      <div role="log" aria-label="Log" tabIndex={0}>
        <ol className={classes["log"]} ref={list}>
          {log.map(({ id, time, level, text }) => (
            <li key={id} className={classes[level]}>
              <time dateTime={new Date(time).toISOString()}>{new Date(time).toLocaleTimeString()}</time>
              <span>{text}</span>
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}
