import { Menu } from "@mantine/core";
import { isRunning } from "../../editor/store.ts";
import { useSession, useSessionState } from "../session-context.ts";

/** The scenes that come with the page. */
export function DemoItems() {
  const session = useSession();
  const demos = useSessionState((state) => state.demos);
  const locked = useSessionState(
    (state) => isRunning(state) || state.busy !== undefined || state.machine.status !== "ready",
  );
  return (
    <>
      <Menu.Divider />
      <Menu.Label c="var(--dim)">Demo scenes</Menu.Label>
      {demos.map(({ id, name }) => (
        <Menu.Item key={id} disabled={locked} onClick={() => void session.openDemo(id)}>
          {name}
        </Menu.Item>
      ))}
    </>
  );
}
