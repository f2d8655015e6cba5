import { isRunning } from "../../editor/store.ts";
import { useSession, useSessionState } from "../session-context.ts";
import classes from "./Scene.module.css";

/** The scenes that come with the page, as pictures. */
export function DemoGallery() {
  const session = useSession();
  const demos = useSessionState((state) => state.demos);
  const demo = useSessionState((state) => state.demo);
  const locked = useSessionState(
    (state) => isRunning(state) || state.busy !== undefined || state.machine.status !== "ready",
  );
  return (
    <ul className={classes["demos"]} aria-label="Demo scenes">
      {demos.map(({ id, name, thumbnail }) => (
        <li key={id}>
          <button
            type="button"
            className={classes["demo"]}
            title={name}
            aria-pressed={id === demo}
            disabled={locked}
            onClick={() => void session.openDemo(id)}
          >
            <img src={`scenes/${thumbnail}`} alt="" />
            <span>{name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
