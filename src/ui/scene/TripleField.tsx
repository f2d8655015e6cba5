import { NumberInput } from "../fields/NumberField.tsx";
import classes from "./Scene.module.css";

export type Triple = readonly [number, number, number];

const LIMIT = 1e6;

/** Three numbers, named x, y and z unless they are something else. */
export function TripleField({
  label,
  names = ["x", "y", "z"],
  value,
  min = -LIMIT,
  step,
  onChange,
}: {
  readonly label: string;
  readonly names?: readonly [string, string, string];
  readonly value: Triple;
  readonly min?: number;
  readonly step: number;
  readonly onChange: (value: Triple) => void;
}) {
  return (
    <fieldset className={classes["triple"]}>
      <legend>{label}</legend>
      {value.map((number, axis) => (
        <NumberInput
          key={axis}
          aria-label={`${label}: ${names[axis]}`}
          title={names[axis]!}
          min={min}
          max={LIMIT}
          step={step}
          value={number}
          onChange={(next) => onChange(value.with(axis, next) as unknown as Triple)}
        />
      ))}
    </fieldset>
  );
}
