import { bridges } from "../../diffusion/codecs/index.ts";
import type { EditSettings } from "../../edit/settings.ts";
import { RUN_PARAMS } from "../../edit/run-params.ts";
import { LIVE } from "../../edit/settings-change.ts";
import { axisName, UP_AXES } from "../../editor/form.ts";
import { isRunning, type SessionState } from "../../editor/store.ts";
import classes from "../fields/Field.module.css";
import { NumberField } from "../fields/NumberField.tsx";
import { ParamFields } from "../fields/ParamFields.tsx";
import { SelectField, type SelectOption } from "../fields/SelectField.tsx";
import { useSession, useSessionState } from "../session-context.ts";

const UPS = [
  { id: "auto", label: "Automatic" },
  ...Object.keys(UP_AXES).map((axis) => ({ id: axis, label: axis.replace("-", "−") })),
];
const MAX_STEPS = 100_000;
const MAX_SEED = 2 ** 31 - 1;
const MAX_VIEWS = 64;

/** How long, how large, from which seed and over which bridge. */
export function RunFields() {
  const session = useSession();
  const form = useSessionState((state) => state.form);
  const running = useSessionState(isRunning);
  const sizes = sizeOptions(useSessionState((state) => state.model));
  const bridge = bridges.get(form.bridge);
  /** A field's help and whether it can be used now. */
  const field = (key: keyof EditSettings, help: string): { help: string; disabled: boolean } => {
    const live = LIVE[key];
    if (live === true || !running) return { help, disabled: false };
    return { help: `${help} Not during a run: ${live}.`, disabled: true };
  };
  return (
    <>
      <div className={classes["columns"]}>
        <NumberField
          {...field("steps", "Each step looks at the scene from somewhere else.")}
          label="Steps"
          min={1}
          max={MAX_STEPS}
          step={1}
          whenDone={running}
          value={form.steps}
          onChange={(steps) => session.fill({ steps: Math.round(steps) })}
        />
        <NumberField
          {...field("seed", "The same seed and settings give the same edit.")}
          label="Seed"
          min={0}
          max={MAX_SEED}
          step={1}
          value={form.seed}
          onChange={(seed) => session.fill({ seed: Math.round(seed) })}
        />
        <SelectField
          {...field("size", "Side of the training views. The model's own size works best.")}
          label="View size"
          value={String(form.size)}
          options={sizes}
          onChange={(size) => session.fill({ size: Number(size) })}
        />
        <SelectField
          {...field("up", "Views are taken around this axis. Right when the scene stands upright here.")}
          label="Up"
          value={form.up === "auto" ? "auto" : (axisName(form.up) ?? "auto")}
          options={UPS}
          onChange={(axis) => session.fill({ up: UP_AXES[axis] ?? "auto" })}
        />
        <NumberField
          {...field("viewsPerStep", "More views in a step make it steadier, and as many times slower.")}
          label="Views a step"
          min={1}
          max={MAX_VIEWS}
          step={1}
          whenDone={running}
          value={form.viewsPerStep}
          onChange={(views) => session.fill({ viewsPerStep: Math.round(views) })}
        />
      </div>
      <SelectField
        {...field("bridge", `How a gradient on the latent becomes one on the picture. ${bridge.cite}.`)}
        label="Bridge"
        value={form.bridge}
        options={bridges.all}
        onChange={(id) => session.fill({ bridge: id, bridgeParams: {} })}
      />
      <ParamFields
        spec={bridge.params}
        values={form.bridgeParams}
        onChange={(key, value) => session.fill({ bridgeParams: { ...form.bridgeParams, [key]: value } })}
      />
      <ParamFields
        spec={RUN_PARAMS}
        values={form.runParams}
        onChange={(key, value) => session.fill({ runParams: { ...form.runParams, [key]: value } })}
      />
    </>
  );
}

/** The sizes that the model takes; what does not fit into memory says so and cannot be chosen. */
function sizeOptions(model: SessionState["model"]): readonly SelectOption[] {
  if (model.status !== "ready") return [];
  const { resolutions, memory } = model.value;
  return resolutions.map((size) => {
    const plan = memory.find(({ side }) => side === size);
    const label = `${size} × ${size}`;
    return plan && !plan.fits
      ? { id: String(size), label: `${label}: ${plan.says}`, disabled: true }
      : { id: String(size), label };
  });
}
