import { methods } from "../../diffusion/methods/index.ts";
import { methodsFor, presetsFor } from "../../diffusion/presets.ts";
import { ParamFields } from "../fields/ParamFields.tsx";
import { SelectField } from "../fields/SelectField.tsx";
import { useSession, useSessionState } from "../session-context.ts";

/** The distillation rule, a preset for it, and its parameters, which act on a running edit from the next step. */
export function MethodFields() {
  const session = useSession();
  const form = useSessionState((state) => state.form);
  const family = useSessionState((state) =>
    state.model.status === "ready" ? state.model.value.family : "embedded",
  );
  const method = methods.get(form.method);
  const suiting = methodsFor(family);
  const presets = presetsFor(family).filter((preset) => preset.method === form.method);
  return (
    <>
      <SelectField
        label="Distillation"
        help={method.cite}
        value={form.method}
        options={methods.all.filter(({ id }) => suiting.has(id))}
        onChange={session.chooseMethod}
      />
      <SelectField
        label="Preset"
        help={presets.find(({ id }) => id === form.preset)?.cite ?? ""}
        value={form.preset}
        options={presets}
        onChange={session.choosePreset}
      />
      <ParamFields
        spec={method.params}
        values={form.params}
        onChange={(key, value) => session.fill({ params: { ...form.params, [key]: value } })}
      />
    </>
  );
}
