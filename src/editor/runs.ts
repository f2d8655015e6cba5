import { ALL_READ } from "../diffusion/check-prompt.ts";
import { presets } from "../diffusion/presets.ts";
import type { StepPictures, WantedPictures } from "../edit/events.ts";
import { counted } from "../formats/words.ts";
import type { WordRole } from "../edit/settings-check.ts";
import type { EngineClient } from "../worker/client.ts";
import type { RunReport } from "../worker/protocol.ts";
import { describeChange, liveChange, toSettings, withMethod, withPreset, type EditForm } from "./form.ts";
import type { Reporting } from "./reporting.ts";
import { isRunning, type Problem, type SessionState, type SessionStore } from "./store.ts";
import { EMPTY_TRACE, withMark, withPoint } from "./trace.ts";

/** What the page can ask of edits. */
export interface RunActions {
  /** Fills in the form; during a run, what can change acts from the next step. */
  fill(patch: Partial<EditForm>): void;
  choosePreset(id: string): void;
  chooseMethod(id: string): void;
  edit(): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): void;
  cancel(): void;
  /** Fills in what an edit was made with, the seed apart, so that it can be made again from where the scene is. */
  reuse(editId: string): void;
  /** Puts the scene back as it was before the run, under way or the last one, and runs again from the next seed. */
  tryNextSeed(): Promise<void>;
  /** Asks for pictures of the run beside the usual, in place of those wanted before. */
  wantPictures(wanted: WantedPictures): void;
  onPictures(listener: (pictures: StepPictures) => void): () => void;
}

const WORDS = ["source", "target", "negative"] as const satisfies readonly WordRole[];
const WORD_CHECK_DELAY = 200; // ms
const CHANGE_LOG_DELAY = 400; // ms

export function createRuns(
  engine: EngineClient,
  store: SessionStore,
  { say, show }: Reporting,
  undo: () => Promise<void>,
): RunActions & { checkWords(): void } {
  const { getState: get, setState: set } = store;

  let wordTimer: ReturnType<typeof setTimeout> | undefined;
  const checkWords = (): void => {
    clearTimeout(wordTimer);
    wordTimer = setTimeout(async () => {
      if (get().model.status !== "ready") return;
      const { source, target, negative } = get().form;
      const [inSource, inTarget, inNegative] = await Promise.all(
        [source, target, negative].map((text) => engine.call("checkPrompt", { text }).catch(() => ALL_READ)),
      );
      set({ unread: { source: inSource!, target: inTarget!, negative: inNegative! } });
    }, WORD_CHECK_DELAY);
  };

  let changeTimer: ReturnType<typeof setTimeout> | undefined;
  let unlogged: EditForm | undefined;
  /** Logs and plots what the user changed during a run, once the slider has come to rest. */
  const noteChange = (before: EditForm): void => {
    unlogged ??= before;
    clearTimeout(changeTimer);
    changeTimer = setTimeout(() => {
      const text = unlogged && describeChange(unlogged, get().form);
      unlogged = undefined;
      if (!text) return;
      const step = (get().progress?.step ?? 0) + 1;
      say("info", `${text} from step ${step}.`);
      set(({ trace }) => ({ trace: withMark(trace, { step, text }) }));
    }, CHANGE_LOG_DELAY);
  };

  /** Takes out of the form again what the run refuses, so that it tells what the run goes by. */
  const takeBack = (patch: Partial<EditForm>, before: EditForm): void =>
    set(({ form }) => {
      const refused = (Object.keys(patch) as (keyof EditForm)[]).filter((key) => form[key] === patch[key]);
      return { form: { ...form, ...Object.fromEntries(refused.map((key) => [key, before[key]])) } };
    });

  const fill = (patch: Partial<EditForm>): void => {
    const before = get().form;
    set({ form: { ...before, ...patch } });
    if (WORDS.some((role) => patch[role] !== undefined)) checkWords();
    if (!isRunning(get())) return;
    noteChange(before);
    void engine.call("change", { change: liveChange(patch) }).catch((error: unknown) => {
      takeBack(patch, before);
      show(error);
    });
  };

  const record = (report: RunReport): void => {
    const id = get().document?.edits.findLast(({ active }) => active)?.id;
    if (id === undefined || report.outcome === "cancelled" || report.steps === 0) return;
    set(({ runs, form }) => ({ runs: [...runs, { ...report, id, form }] }));
  };

  const edit = async (): Promise<void> => {
    const { scene, form } = get();
    if (!scene || isRunning(get())) return;
    set({ problem: undefined, progress: undefined, trace: EMPTY_TRACE, runState: "running" });
    try {
      const report = await engine.call("edit", { settings: toSettings(form) });
      say("info", summary(report));
      record(report);
      if (report.outcome === "lost") set({ problem: lossOf(report) });
    } catch (error) {
      show(error);
    } finally {
      set({ runState: "ended" });
    }
  };

  const ended = (): Promise<void> =>
    new Promise((resolve) => {
      if (!isRunning(get())) return resolve();
      const stopListening = store.subscribe((state) => {
        if (isRunning(state)) return;
        stopListening();
        resolve();
      });
    });

  const send = (name: "pause" | "resume" | "stop" | "cancel") => () => void engine.call(name, {}).catch(show);
  const cancel = send("cancel");

  engine.on("runState", ({ state }) => set({ runState: state }));
  engine.on("step", (progress) => set(({ trace }) => ({ progress, trace: withPoint(trace, progress) })));

  return {
    fill,
    checkWords,
    choosePreset: (id) => fill(withPreset(get().form, presets.get(id))),
    chooseMethod: (id) => fill(withMethod(get().form, id)),
    edit,
    pause: send("pause"),
    resume: send("resume"),
    stop: send("stop"),
    cancel,
    reuse(editId) {
      const run = get().runs.find(({ id }) => id === editId);
      const edit = get().document?.edits.find(({ id }) => id === editId);
      if (run) fill({ ...run.form, seed: run.form.seed + 1 });
      else if (edit) {
        const { source, target, method, steps, seed } = edit;
        fill({ ...withMethod(get().form, method), source, target, steps, seed: seed + 1 });
      }
    },
    async tryNextSeed() {
      if (isRunning(get())) {
        cancel();
        await ended();
      } else if (isLastRunInEffect(get())) {
        await undo();
      }
      fill({ seed: get().form.seed + 1 });
      await edit();
    },
    wantPictures(wanted) {
      set({ wanted });
      void engine.call("wantPictures", wanted).catch(show);
    },
    onPictures: (listener) => engine.on("pictures", listener),
  };
}

/** Whether what "Undo" would take back is the last edit from words. */
export const isLastRunInEffect = ({ document, history }: SessionState): boolean => {
  const last = document?.edits.findLast(({ active }) => active);
  return last !== undefined && history.undo === last.target;
};

const OUTCOMES = {
  finished: "finished",
  stopped: "stopped and kept",
  cancelled: "cancelled",
  lost: "lost its GPU and was kept as it was",
} as const;

const lossOf = ({ steps }: RunReport): Problem => ({
  message: `The GPU was lost during the edit; ${counted(steps, "step")} of it ${steps === 1 ? "is" : "are"} kept.`,
  hint: "Once the GPU is back, the edit can be started again from there.",
});

const summary = ({ outcome, steps, seconds }: RunReport): string =>
  outcome === "stopped" && steps === 0
    ? "Edit stopped before its first step; nothing has changed."
    : `Edit ${OUTCOMES[outcome]} after ${counted(steps, "step")} in ${seconds.toFixed(1)} s.`;
