import { useId, useState } from "react";
import { createSchedule } from "../../diffusion/schedule.ts";
import { usesPrompt, type WordRole } from "../../edit/settings-check.ts";
import { isRunning } from "../../editor/store.ts";
import fields from "../fields/Field.module.css";
import { useSession, useSessionState } from "../session-context.ts";
import { PresetAdvice } from "./PresetAdvice.tsx";
import { Suggestions } from "./Suggestions.tsx";
import { useExamples } from "./use-examples.ts";

/** What the model was trained with hardly matters here: whether a method listens is a matter of its weights. */
const SCHEDULE = createSchedule();

/** The prompts: what the scene shows, what it should show and, for a method that listens to it, what it should not. */
export function PromptFields() {
  const examples = useExamples();
  const listens = useSessionState(({ form }) => usesPrompt("negative", form, SCHEDULE));
  return (
    <>
      <PromptField
        role="source"
        label="The scene shows"
        placeholder="a photo of a red apple on grass"
        examples={unique(examples.map(({ source }) => source))}
      />
      <PromptField
        role="target"
        label="It should show"
        placeholder="a photo of a blue apple on grass"
        examples={unique(examples.map(({ target }) => target))}
      />
      {listens && (
        <PromptField role="negative" label="It should not show" placeholder="a blurry photo" examples={[]} />
      )}
      <Suggestions />
      <PresetAdvice />
    </>
  );
}

const SHOWN = 60; // characters

const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text);

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

function PromptField({
  role,
  label,
  placeholder,
  examples,
}: {
  readonly role: WordRole;
  readonly label: string;
  readonly placeholder: string;
  readonly examples: readonly string[];
}) {
  const session = useSession();
  const id = useId();
  const value = useSessionState((state) => state.form[role]);
  const { unknown, cut } = useSessionState((state) => state.unread[role]);
  const running = useSessionState(isRunning);
  // During a run, words count when they are finished, not letter by letter.
  const [draft, setDraft] = useState<string>();
  const finish = (): void => {
    if (draft !== undefined && draft !== value) session.fill({ [role]: draft });
    setDraft(undefined);
  };
  const isUnread = unknown.length > 0 || cut !== "";
  return (
    <div className={fields["field"]}>
      <label className={fields["label"]} htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className={fields["text"]}
        type="text"
        list={`${id}-examples`}
        value={draft ?? value}
        placeholder={placeholder}
        autoComplete="off"
        aria-invalid={isUnread}
        aria-describedby={isUnread ? `${id}-unread` : undefined}
        onChange={({ target }) => (running ? setDraft(target.value) : session.fill({ [role]: target.value }))}
        onBlur={finish}
        onKeyDown={(event) => event.key === "Enter" && finish()}
      />
      <datalist id={`${id}-examples`}>
        {examples.map((example) => (
          <option key={example} value={example} />
        ))}
      </datalist>
      {isUnread && (
        <p className={fields["problem"]} id={`${id}-unread`} role="status">
          {unknown.length > 0 && (
            <>
              This model does not know {unknown.map((word) => `“${word}”`).join(", ")} and will ignore{" "}
              {unknown.length > 1 ? "them" : "it"}.{" "}
            </>
          )}
          {cut !== "" && <>Too long for this model: it will not read the end, “{shortened(cut)}”.</>}
        </p>
      )}
    </div>
  );
}
