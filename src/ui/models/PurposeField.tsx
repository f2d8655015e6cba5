import { SelectField } from "../fields/SelectField.tsx";
import { useApp, useModelsState } from "../session-context.ts";

const OPTIONS = [
  { id: "model", label: "A whole model" },
  { id: "codec", label: "An encoder alone, to stand in for a model's own" },
] as const;

/** What is looked for; from where a whole model is, its encoder can be taken alone. */
export function PurposeField() {
  const { models } = useApp();
  const purpose = useModelsState((state) => state.purpose);
  return (
    <SelectField
      label="What to take"
      help="An encoder turns views into latents. Of a whole model, only that part is taken."
      value={purpose}
      options={OPTIONS}
      onChange={(id) => models.setPurpose(OPTIONS.find((option) => option.id === id)!.id)}
    />
  );
}
