import { timestepSamplers } from "../../diffusion/timesteps.ts";
import { RATE_PARAMS, TIMESTEP_PARAMS } from "../../edit/training-params.ts";
import { withTimestep } from "../../editor/form.ts";
import { ParamFields } from "../fields/ParamFields.tsx";
import { SelectField } from "../fields/SelectField.tsx";
import { useSession, useSessionState } from "../session-context.ts";

/** Noise levels and learning rates, which presets give; like the method's, they act on a running edit at once. */
export function TrainingFields() {
  const session = useSession();
  const { timesteps, learningRates } = useSessionState((state) => state.form);
  return (
    <>
      <SelectField
        label="Noise levels"
        help={timestepSamplers.get(timesteps.sampler).help}
        value={timesteps.sampler}
        options={timestepSamplers.all}
        onChange={(sampler) => session.fill({ timesteps: { ...timesteps, sampler } })}
      />
      <ParamFields
        spec={TIMESTEP_PARAMS}
        values={{ ...timesteps }}
        onChange={(key, value) =>
          session.fill({ timesteps: withTimestep(timesteps, key as "min" | "max", value as number) })
        }
      />
      <ParamFields
        spec={RATE_PARAMS}
        values={learningRates}
        onChange={(key, value) => session.fill({ learningRates: { ...learningRates, [key]: value } })}
      />
    </>
  );
}
