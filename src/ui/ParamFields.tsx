import { useId } from "react";
import type { AnyValues, Choice, Param, ParamSpec, Slider, Toggle } from "../core/params.ts";
import { resolveParams } from "../core/params.ts";
import { decimalsOf } from "./format.ts";
import { NumberInput } from "./NumberField.tsx";

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
    <div className="field">
      <div className="head">
        <label htmlFor={id} title={help}>
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
    <div className="field check" title={param.help}>
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

export function SelectField({
  label,
  help = "",
  value,
  options,
  onChange,
  disabled = false,
}: {
  readonly label: string;
  readonly help?: string;
  readonly value: string;
  readonly options: readonly { readonly id: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
  readonly disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} title={help}>
        {label}
      </label>
      <select
        id={id}
        title={help}
        aria-description={help}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
