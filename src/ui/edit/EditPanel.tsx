import { methods } from "../../diffusion/methods/index.ts";
import { counted } from "../../formats/words.ts";
import { Section } from "../Section.tsx";
import { useSessionState } from "../session-context.ts";
import { MachineFields } from "./MachineFields.tsx";
import { MethodFields } from "./MethodFields.tsx";
import { PromptFields } from "./PromptFields.tsx";
import { RegionFields } from "./RegionFields.tsx";
import { RunControls } from "./RunControls.tsx";
import { RunFields } from "./RunFields.tsx";
import { TrainingFields } from "./TrainingFields.tsx";

/** Everything about an edit from words: what, where, how, and the button. */
export function EditPanel({ scrollClass }: { readonly scrollClass: string }) {
  const method = useSessionState((state) => state.form.method);
  const steps = useSessionState((state) => state.form.steps);
  const { min, max } = useSessionState((state) => state.form.timesteps);
  return (
    <>
      <div className={scrollClass} tabIndex={0} role="region" aria-label="Settings of the edit">
        <Section title="Edit from words">
          <PromptFields />
          <RegionFields />
        </Section>
        <Section title="Method" note={methods.get(method).id.toUpperCase()}>
          <MethodFields />
        </Section>
        <Section title="Run" note={counted(steps, "step")}>
          <RunFields />
        </Section>
        <Section title="Noise and rates" note={`t ${min} to ${max}`} isOpen={false}>
          <TrainingFields />
        </Section>
        <Section title="Machine" isOpen={false}>
          <MachineFields />
        </Section>
      </div>
      <RunControls />
    </>
  );
}
