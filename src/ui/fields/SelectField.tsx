import { useId } from "react";
import classes from "./Field.module.css";

export interface SelectOption {
  readonly id: string;
  readonly label: string;
  readonly disabled?: boolean;
}

/** One of a few options, with its label above. */
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
  readonly options: readonly SelectOption[];
  readonly onChange: (value: string) => void;
  readonly disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className={classes["field"]}>
      <label className={classes["label"]} htmlFor={id} title={help}>
        {label}
      </label>
      <select
        id={id}
        className={classes["select"]}
        title={help}
        aria-description={help}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.id} value={option.id} disabled={option.disabled ?? false}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
