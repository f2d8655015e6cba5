import { Button } from "@mantine/core";
import { useUse } from "../models/use-use.ts";
import { useSession, useSessionState } from "../session-context.ts";
import { Notice } from "./Notice.tsx";

/** What stands in the way of work, and what to do about it. */
export function StageNotice() {
  const session = useSession();
  const machine = useSessionState((state) => state.machine);
  const model = useSessionState((state) => state.model);
  const problem = useSessionState((state) => state.problem);
  const folder = useSessionState((state) => state.folder);
  const { isPossible } = useUse();
  const hasScene = useSessionState((state) => state.scene !== undefined);
  if (machine.status === "failed") {
    return (
      <Notice title={machine.problem.message} text={machine.problem.hint}>
        <Button onClick={() => void session.restart()}>Try again</Button>
        <Button
          variant="default"
          component="a"
          href="https://webgpureport.org"
          target="_blank"
          rel="noreferrer"
        >
          What WebGPU says here
        </Button>
      </Notice>
    );
  }
  if (problem) {
    return (
      <Notice title={problem.message} text={problem.hint} isToast={hasScene}>
        <Button variant="default" size="xs" onClick={session.dismissProblem}>
          Close
        </Button>
      </Notice>
    );
  }
  if (model.status === "failed") {
    return (
      <Notice
        title={model.problem.message}
        text={`${model.problem.hint} Everything but edits from words works without it.`}
        isToast
      >
        <Button variant="default" size="xs" onClick={() => void session.reloadModel()}>
          Load the model again
        </Button>
      </Notice>
    );
  }
  if (folder?.isWanted) {
    const { name } = folder.handle;
    return (
      <Notice
        title={`The model came from the folder “${name}” last time.`}
        text="The browser wants your word before it is read again; until then another stands in for it."
        isToast
      >
        <Button size="xs" disabled={!isPossible} onClick={() => void session.chooseKeptFolder()}>
          Allow reading “{name}”
        </Button>
        <Button variant="default" size="xs" onClick={session.leaveKeptFolder}>
          Not now
        </Button>
      </Notice>
    );
  }
  return null;
}
