import { CommandChip } from "../CommandChip.tsx";
import { formatCount } from "../format.ts";
import { useSessionState } from "../session-context.ts";
import { HistogramRange } from "./HistogramRange.tsx";
import { NamedSets } from "./NamedSets.tsx";
import classes from "./Scene.module.css";

const ROWS = [
  [
    ["select.all", "All"],
    ["select.none", "None"],
    ["select.invert", "Invert"],
    ["select.grow", "Grow"],
    ["select.shrink", "Shrink"],
  ],
  [
    ["hide.selected", "Hide"],
    ["hide.others", "Isolate"],
    ["hide.reveal", "Reveal all"],
  ],
  [
    ["lock.selected", "Lock"],
    ["lock.release", "Unlock all"],
    ["delete.selected", "Delete"],
  ],
  [
    ["layer.duplicate-selection", "Duplicate"],
    ["layer.separate", "Separate"],
  ],
] as const;

/** What is selected, and what can be done with it. */
export function Selection() {
  const { selected, total, layers } = useSessionState((state) => state.document!);
  const hidden = layers.reduce((sum, layer) => sum + layer.hidden, 0);
  const locked = layers.reduce((sum, layer) => sum + layer.lockedSplats, 0);
  return (
    <>
      <p className={classes["summary"]} role="status">
        <strong>{formatCount(selected)}</strong> of {formatCount(total)} selected
        {hidden > 0 && `, ${formatCount(hidden)} hidden`}
        {locked > 0 && `, ${formatCount(locked)} locked`}
      </p>
      {ROWS.map((row) => (
        <div key={row[0][0]} className={classes["grid"]}>
          {row.map(([id, label]) => (
            <CommandChip key={id} id={id} label={label} />
          ))}
        </div>
      ))}
      <NamedSets />
      <HistogramRange />
    </>
  );
}
