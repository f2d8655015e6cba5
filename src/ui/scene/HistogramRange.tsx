import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { MEASURES, type MeasureId } from "../../document/measures.ts";
import type { SelectMode } from "../../document/select.ts";
import { modeOf, modifiersOf } from "../../editor/tools/tool.ts";
import type { Histogram } from "../../worker/protocol.ts";
import fields from "../fields/Field.module.css";
import { NumberField } from "../fields/NumberField.tsx";
import { SelectField } from "../fields/SelectField.tsx";
import { useSession, useSessionState } from "../session-context.ts";
import { HistogramBars, type Range } from "./HistogramBars.tsx";
import classes from "./Scene.module.css";

const BINS = 96;
const LIMIT = 1e30;
const OPTIONS = Object.entries(MEASURES).map(([id, { label }]) => ({ id, label }));

/** Selecting by a number of each splat: drag over the histogram, or type the ends. */
export function HistogramRange() {
  const session = useSession();
  const document = useSessionState((state) => state.document);
  const [attribute, setAttribute] = useState<MeasureId>("opacity");
  const [log, setLog] = useState(false);
  const [histogram, setHistogram] = useState<Histogram>();
  const [range, setRange] = useState<Range>();
  useEffect(() => {
    let isCurrent = true;
    void session
      .histogram({ attribute, bins: BINS, log })
      .then((next) => isCurrent && next && setHistogram(next));
    return () => {
      isCurrent = false;
    };
  }, [session, document, attribute, log]);

  const select = ([min, max]: Range, mode: SelectMode): void =>
    void session.command("select.range", { attribute, min, max, mode });
  if (!histogram) return null;
  const ends = range ?? ([histogram.min, histogram.max] as const);
  return (
    <>
      <h3 className={classes["sub"]}>By value</h3>
      <SelectField
        label="Attribute"
        value={attribute}
        options={OPTIONS}
        onChange={(id) => {
          setAttribute(id as MeasureId);
          setRange(undefined);
        }}
      />
      <HistogramBars histogram={histogram} range={range} onRange={setRange} onEnd={select} />
      <div className={fields["columns"]}>
        <EndField label="From" value={ends[0]} onChange={(from) => setRange([from, ends[1]])} />
        <EndField label="To" value={ends[1]} onChange={(to) => setRange([ends[0], to])} />
      </div>
      <div className={classes["inline"]}>
        <Button
          variant="default"
          size="compact-xs"
          onClick={(event) => select(ends, modeOf(modifiersOf(event), "set"))}
        >
          Select range
        </Button>
        <label className={classes["check"]}>
          <input type="checkbox" checked={log} onChange={(event) => setLog(event.target.checked)} />
          Logarithmic
        </label>
      </div>
    </>
  );
}

const EndField = (props: {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}) => (
  <NumberField {...props} min={-LIMIT} max={LIMIT} step={0.01} value={Number(props.value.toPrecision(5))} />
);
