import { useId, useState } from "react";
import classes from "./Field.module.css";

export interface NumberInputProps {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly disabled?: boolean;
  /** Whether what is typed counts only when the field is left or with Enter: where half a number would do harm. */
  readonly whenDone?: boolean;
  readonly onChange: (value: number) => void;
}

/**
 * A number that may be typed. What is typed counts as soon as it is in range, unless it has to be done first; until the
 * field is left, it may be anything on the way there.
 */
export function NumberInput({
  value,
  min,
  max,
  whenDone = false,
  onChange,
  ...rest
}: NumberInputProps & { readonly id?: string; readonly title?: string; readonly "aria-label"?: string }) {
  const [draft, setDraft] = useState<string>();
  const accept = (text: string, isTyped: boolean): void => {
    setDraft(text);
    const next = Number(text);
    if (whenDone && isTyped) return;
    if (text !== "" && next >= min && next <= max) onChange(next);
  };
  const leave = (): void => {
    if (draft !== undefined && draft !== "" && Number.isFinite(Number(draft))) {
      onChange(Math.min(max, Math.max(min, Number(draft))));
    }
    setDraft(undefined);
  };
  return (
    <input
      {...rest}
      className={classes["number"]}
      type="number"
      min={min}
      max={max}
      value={draft ?? value}
      // The arrows beside the number send events that name no kind of input.
      onChange={({ target, nativeEvent }) =>
        accept(target.value, Boolean((nativeEvent as Partial<InputEvent>).inputType))
      }
      onKeyDown={({ key }) => {
        if (key === "Enter") leave();
        if (key === "Escape") setDraft(undefined);
      }}
      onBlur={leave}
    />
  );
}

export function NumberField({
  label,
  help = "",
  ...rest
}: NumberInputProps & { readonly label: string; readonly help?: string }) {
  const id = useId();
  return (
    <div className={classes["field"]}>
      <label className={classes["label"]} htmlFor={id} title={help}>
        {label}
      </label>
      <NumberInput {...rest} id={id} title={help} />
    </div>
  );
}
