import { Button } from "@mantine/core";
import { useSession, useSessionState } from "../session-context.ts";
import { Notice } from "./Notice.tsx";

/** What stands in the way of work, and what to do about it. */
export function StageNotice() {
  const session = useSession();
  const machine = useSessionState((state) => state.machine);
  const model = useSessionState((state) => state.model);
  const problem = useSessionState((state) => state.problem);
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
  return null;
}
