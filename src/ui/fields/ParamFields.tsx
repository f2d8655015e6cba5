import { useId } from "react";
import type { AnyValues, Choice, Param, ParamSpec, Slider, Toggle } from "../../core/params.ts";
import { resolveParams } from "../../core/params.ts";
import { decimalsOf } from "../format.ts";
import classes from "./Field.module.css";
import { NumberInput } from "./NumberField.tsx";
import { SelectField } from "./SelectField.tsx";

interface FieldProps<P, V> {
  readonly param: P;
  readonly value: V;
  readonly onChange: (value: V) => void;
}

/** A form for any parameter spec; `onChange` is told the key and the new value. */
export function ParamFields({
  spec,
  values,
  onChange,
}: {
  readonly spec: ParamSpec;
  readonly values: AnyValues;
  readonly onChange: (key: string, value: number | boolean | string) => void;
}) {
  const resolved: AnyValues = resolveParams(spec, values);
  return Object.entries(spec).map(([key, param]) => (
    <ParamField key={key} param={param} value={resolved[key]!} onChange={(value) => onChange(key, value)} />
  ));
}

function ParamField({ param, value, onChange }: FieldProps<Param, number | boolean | string>) {
  switch (param.kind) {
    case "slider":
      return <SliderField param={param} value={value as number} onChange={onChange} />;
    case "toggle":
      return <ToggleField param={param} value={value as boolean} onChange={onChange} />;
    case "choice":
      return <ChoiceField param={param} value={value as string} onChange={onChange} />;
  }
}

export function SliderField({
  param,
  value,
  onChange,
  disabled = false,
}: FieldProps<Omit<Slider, "kind">, number> & { readonly disabled?: boolean }) {
  const id = useId();
  const { label, help, min, max, step } = param;
  return (
    <div className={classes["field"]}>
      <div className={classes["head"]}>
        <label className={classes["label"]} htmlFor={id} title={help}>
          {label}
        </label>
        <NumberInput
          {...{ min, max, step, disabled, onChange }}
          value={Number(value.toFixed(decimalsOf(step)))}
          title={help}
          aria-label={`${label}, exact value`}
        />
      </div>
      <input
        {...{ min, max, step, disabled, value }}
        id={id}
        className={classes["range"]}
        type="range"
        title={help}
        aria-description={help}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </div>
  );
}

function ToggleField({ param, value, onChange }: FieldProps<Toggle, boolean>) {
  const id = useId();
  return (
    <div className={classes["check"]} title={param.help}>
      <input
        id={id}
        type="checkbox"
        checked={value}
        aria-description={param.help}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{param.label}</label>
    </div>
  );
}

function ChoiceField({ param, value, onChange }: FieldProps<Choice, string>) {
  return (
    <SelectField
      label={param.label}
      help={param.help}
      value={value}
      options={param.options.map((option) => ({ id: option, label: option }))}
      onChange={onChange}
    />
  );
}
