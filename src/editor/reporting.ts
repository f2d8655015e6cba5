import { UserError, isAbort, memoryError } from "../core/errors.ts";
import type { LogLine } from "../worker/protocol.ts";
import { logLine, type Problem, type SessionStore } from "./store.ts";

/** How the session tells the user what happens. */
export interface Reporting {
  say(level: LogLine["level"], text: string): void;
  /** Logs an error and returns it in words. */
  report(error: unknown): Problem;
  /** Logs an error and shows it, unless the user asked for the end. */
  show(error: unknown): void;
  /** Does something the page waits for; a failure becomes the problem shown. */
  attempt<T>(busy: string, work: () => Promise<T>): Promise<T | undefined>;
}

export function createReporting(store: SessionStore): Reporting {
  const say = (level: LogLine["level"], text: string): void => logLine(store, { level, text });

  const report = (error: unknown): Problem => {
    const problem = toProblem(error);
    say("error", [problem.message, problem.hint].filter(Boolean).join(" "));
    if (!(error instanceof UserError)) console.error(error);
    return problem;
  };

  const show = (error: unknown): void => {
    if (!isAbort(error)) store.setState({ problem: report(error) });
  };

  return {
    say,
    report,
    show,
    async attempt(busy, work) {
      store.setState({ busy, problem: undefined });
      try {
        return await work();
      } catch (error) {
        show(error);
        return undefined;
      } finally {
        store.setState({ busy: undefined, loading: undefined });
      }
    },
  };
}

function toProblem(thrown: unknown): Problem {
  const error = memoryError(thrown) ?? thrown;
  if (error instanceof UserError) return { message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return {
    message: "Something went wrong inside Splatsmith.",
    hint: `This is a bug: ${message} The browser's console has more.`,
  };
}
