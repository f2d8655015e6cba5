import { UP_AXES, type UpChoice } from "../editor/form.ts";
import { isRunning } from "../editor/store.ts";
import { NumberField } from "./NumberField.tsx";
import { SelectField } from "./ParamFields.tsx";
import { useSession, useSessionState } from "./session-context.ts";

const BRIDGES = [
  { id: "exact", label: "Exact gradient" },
  { id: "decode-residual", label: "Decode residual" },
];
const UPS = [
  { id: "auto", label: "Automatic" },
  ...Object.keys(UP_AXES).map((axis) => ({ id: axis, label: axis.replace("-", "−") })),
];
const MAX_STEPS = 100_000;
const MAX_SEED = 2 ** 31 - 1;

/** How long, how large, from which seed, and over which bridge. */
export function RunFields() {
  const session = useSession();
  const form = useSessionState((state) => state.form);
  const running = useSessionState(isRunning);
  const sizes = useSessionState((state) =>
    state.model.status === "ready" ? state.model.value.sizes : NO_SIZES,
  );
  return (
    <fieldset>
      <legend>Run</legend>
      <div className="columns">
        <NumberField
          label="Steps"
          help="Each step looks at one random view. May change during a run."
          min={1}
          max={MAX_STEPS}
          step={1}
          value={form.steps}
          onChange={(steps) => session.fill({ steps: Math.round(steps) })}
        />
        <NumberField
          label="Seed"
          help="The same seed and settings give the same edit."
          min={0}
          max={MAX_SEED}
          step={1}
          value={form.seed}
          disabled={running}
          onChange={(seed) => session.fill({ seed: Math.round(seed) })}
        />
        <SelectField
          label="View size"
          help="Side of the training views. The model's own size works best."
          value={String(form.size)}
          options={sizes.map((size) => ({ id: String(size), label: `${size} × ${size}` }))}
          disabled={running}
          onChange={(size) => session.fill({ size: Number(size) })}
        />
        <SelectField
          label="Bridge"
          help="How a gradient on the latent becomes one on the picture."
          value={form.bridge}
          options={BRIDGES}
          disabled={running}
          onChange={(bridge) => session.fill({ bridge })}
        />
        <SelectField
          label="Up"
          help="Views are taken around this axis. Right when the scene stands upright here."
          value={form.up}
          options={UPS}
          disabled={running}
          onChange={(up) => session.fill({ up: up as UpChoice })}
        />
      </div>
    </fieldset>
  );
}

const NO_SIZES: readonly number[] = [];
