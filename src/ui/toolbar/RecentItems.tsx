import { Menu } from "@mantine/core";
import { isRunning } from "../../editor/store.ts";
import { useSession, useSessionState } from "../session-context.ts";

/** Scenes that were open before, on this machine and from addresses. */
export function RecentItems() {
  const session = useSession();
  const recent = useSessionState((state) => state.recent);
  const locked = useSessionState(
    (state) => isRunning(state) || state.busy !== undefined || state.machine.status !== "ready",
  );
  if (recent.length === 0) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label c="var(--dim)">Recent</Menu.Label>
      {recent.map((scene, i) => (
        <Menu.Item
          key={i}
          disabled={locked}
          title={scene.kind === "address" ? scene.address : ""}
          onClick={() => void session.openRecent(scene)}
        >
          {scene.name}
        </Menu.Item>
      ))}
      <Menu.Item c="var(--dim)" onClick={() => void session.forgetRecent()}>
        Forget these
      </Menu.Item>
    </>
  );
}
