import { useId, useState } from "react";
import { isRunning } from "../../editor/store.ts";
import fields from "../fields/Field.module.css";
import { useSession, useSessionState } from "../session-context.ts";
import { Suggestions } from "./Suggestions.tsx";
import { useExamples } from "./use-examples.ts";

/** The two prompts: what the scene shows, and what it should show. */
export function PromptFields() {
  const examples = useExamples();
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
      <Suggestions />
    </>
  );
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

function PromptField({
  role,
  label,
  placeholder,
  examples,
}: {
  readonly role: "source" | "target";
  readonly label: string;
  readonly placeholder: string;
  readonly examples: readonly string[];
}) {
  const session = useSession();
  const id = useId();
  const value = useSessionState((state) => state.form[role]);
  const unknown = useSessionState((state) => state.unknownWords[role]);
  const running = useSessionState(isRunning);
  // During a run, words count when they are finished, not letter by letter.
  const [draft, setDraft] = useState<string>();
  const finish = (): void => {
    if (draft !== undefined && draft !== value) session.fill({ [role]: draft });
    setDraft(undefined);
  };
  const isUnknown = unknown.length > 0;
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
        aria-invalid={isUnknown}
        aria-describedby={isUnknown ? `${id}-unknown` : undefined}
        onChange={({ target }) => (running ? setDraft(target.value) : session.fill({ [role]: target.value }))}
        onBlur={finish}
        onKeyDown={(event) => event.key === "Enter" && finish()}
      />
      <datalist id={`${id}-examples`}>
        {examples.map((example) => (
          <option key={example} value={example} />
        ))}
      </datalist>
      {isUnknown && (
        <p className={fields["problem"]} id={`${id}-unknown`} role="status">
          This model does not know {unknown.map((word) => `“${word}”`).join(", ")} and will ignore{" "}
          {unknown.length > 1 ? "them" : "it"}.
        </p>
      )}
    </div>
  );
}
