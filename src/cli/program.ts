/** The frame of a command-line program: Ctrl-C, errors in words, exit codes. */
import { EXIT, explain } from "./exit.ts";
import type { ExitReason } from "./exit.ts";

export interface Interrupts {
  /** Whether Ctrl-C was pressed. */
  readonly requested: boolean;
  /** Called at the first Ctrl-C; a second one ends the program at once. */
  onRequest(listener: () => void): void;
}

/**
 * Runs a program to its end and exits. Node would linger: Dawn and ONNX Runtime keep handles open.
 */
export async function runProgram(main: (interrupts: Interrupts) => Promise<ExitReason>): Promise<never> {
  const listeners: (() => void)[] = [];
  let requested = false;
  const interrupt = (): void => {
    if (requested) process.exit(EXIT.interrupted.code);
    requested = true;
    for (const listener of listeners) listener();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const interrupts: Interrupts = {
    get requested() {
      return requested;
    },
    onRequest: (listener) => void listeners.push(listener),
  };

  let reason: ExitReason;
  try {
    reason = await main(interrupts);
  } catch (error) {
    const explained = explain(error);
    reason = explained.reason;
    if (explained.text) console.error(explained.text);
  }
  process.exit(EXIT[reason].code);
}
