import { Button } from "@mantine/core";
import { useState } from "react";
import { drawingTool } from "../../editor/tools/drawing-tools.ts";
import { MODE_BADGES } from "../../editor/tools/tool.ts";
import type { SelectMode } from "../../document/select.ts";
import type { Quaternion } from "../../scene/transform.ts";
import { degreesOf, quaternionOf } from "../../editor/euler.ts";
import { LEAST_SIZE, moveVolume, volumeFields, volumeRegion, type Volume } from "../../editor/volume.ts";
import { NumberInput } from "../fields/NumberField.tsx";
import { TripleField, type Triple } from "../scene/TripleField.tsx";
import { useApp, usePageState } from "../session-context.ts";
import classes from "./Tools.module.css";

/** What can be set of the tool in hand. */
export function ToolOptions() {
  const tool = usePageState((state) => state.tool);
  if (tool === undefined) return null;
  return (
    <div className={classes["options"]} role="toolbar" aria-label="Tool options" data-overlay>
      {tool === "brush" && <BrushSize />}
      {(tool === "flood" || tool === "eyedropper") && <Tolerance />}
      {tool === "sphere" || tool === "box" ? (
        <>
          <VolumeNumbers kind={tool} />
          <VolumeActions kind={tool} />
        </>
      ) : (
        <Modes />
      )}
      {drawingTool(tool) && <ScreenOptions />}
    </div>
  );
}

function BrushSize() {
  const { page } = useApp();
  const radius = usePageState((state) => state.brushRadius);
  return (
    <label>
      Size
      <input
        type="range"
        min={2}
        max={150}
        value={radius}
        onChange={(event) => page.setState({ brushRadius: event.target.valueAsNumber })}
      />
    </label>
  );
}

/** What the next selection does with this one; keys that are held say otherwise. */
function Modes() {
  const { page } = useApp();
  const chosen = usePageState((state) => state.selectMode);
  return (
    <div className={classes["modes"]} role="group" aria-label="The selection">
      {Object.entries(MODE_BADGES).map(([mode, { label, keys }]) => (
        <Button
          key={mode}
          size="compact-xs"
          variant="default"
          aria-pressed={mode === chosen}
          title={keys ? `${label}: also while ${keys} is held` : `${label}: in place of the one before`}
          {...(mode === chosen && { c: "var(--accent)", bd: "1px solid var(--accent)" })}
          onClick={() => page.setState({ selectMode: mode as SelectMode })}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}

function Tolerance() {
  const { page } = useApp();
  const tolerance = usePageState((state) => state.tolerance);
  return (
    <label>
      Tolerance
      <input
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={tolerance}
        onChange={(event) => page.setState({ tolerance: event.target.valueAsNumber })}
      />
      {tolerance.toFixed(2)}
    </label>
  );
}

function ScreenOptions() {
  const { page } = useApp();
  const surfaceOnly = usePageState((state) => state.surfaceOnly);
  const footprint = usePageState((state) => state.footprint);
  return (
    <>
      <label title="Leaves out what lies behind the surface (N)">
        <input
          type="checkbox"
          checked={surfaceOnly}
          onChange={(event) => page.setState({ surfaceOnly: event.target.checked })}
        />
        Only what is seen
      </label>
      <label title="All that the shape touches, rather than what has its middle in it (M)">
        <input
          type="checkbox"
          checked={footprint}
          onChange={(event) => page.setState({ footprint: event.target.checked })}
        />
        By footprint
      </label>
    </>
  );
}

const MOST_SIZE = 1e6;
/** As many digits as there is room for. */
const shortened = (value: number): number => Number(value.toPrecision(4));

/** Where the volume is and how large, to be read and typed. */
function VolumeNumbers({ kind }: { readonly kind: "sphere" | "box" }) {
  const context = useApp();
  const volume = usePageState((state) => state.volume);
  if (!volume) return null;
  const change = (patch: Partial<Volume>): void => moveVolume(context, kind, { ...volume, ...patch });
  const { center, size, rotation } = volume;
  return (
    <div className={classes["volume"]}>
      <TripleField
        label="Middle"
        value={center.map(shortened) as unknown as Triple}
        step={0.05}
        onChange={(next) => change({ center: next })}
      />
      {kind === "box" ? (
        <>
          <TripleField
            label="Edges"
            value={size.map(shortened) as unknown as Triple}
            min={LEAST_SIZE}
            step={0.05}
            onChange={(next) => change({ size: next })}
          />
          <TurnField rotation={rotation} onChange={(next) => change({ rotation: next })} />
        </>
      ) : (
        <label>
          Radius
          <NumberInput
            value={shortened(size[0] / 2)}
            min={LEAST_SIZE}
            max={MOST_SIZE}
            step={0.05}
            onChange={(radius) => change({ size: [2 * radius, 2 * radius, 2 * radius] })}
          />
        </label>
      )}
    </div>
  );
}

/** A turn in degrees. What was typed stays as it was typed, although others may be the same turn. */
function TurnField({
  rotation,
  onChange,
}: {
  readonly rotation: Quaternion;
  readonly onChange: (rotation: Quaternion) => void;
}) {
  const [typed, setTyped] = useState<{ readonly degrees: Triple; readonly rotation: Quaternion }>();
  const degrees = typed?.rotation === rotation ? typed.degrees : degreesOf(rotation);
  return (
    <TripleField
      label="Rotation °"
      value={degrees.map(shortened) as unknown as Triple}
      step={5}
      onChange={(next) => {
        const turned = quaternionOf(next);
        setTyped({ degrees: next, rotation: turned });
        onChange(turned);
      }}
    />
  );
}

/** What a ball or box is good for. */
function VolumeActions({ kind }: { readonly kind: "sphere" | "box" }) {
  const { session } = useApp();
  const volume = usePageState((state) => state.volume);
  if (!volume) return null;
  const fields = volumeFields(kind, volume);
  const act = (id: string, more: Record<string, string>) => () =>
    void session.command(id, { ...fields, ...more });
  return (
    <>
      {Object.entries(MODE_BADGES).map(([mode, { label }]) => (
        <Button key={mode} size="compact-xs" variant="default" onClick={act(`select.${kind}`, { mode })}>
          {label}
        </Button>
      ))}
      <Button
        size="compact-xs"
        variant="default"
        title="Deletes what is outside"
        onClick={act(`crop.${kind}`, { keep: "inside" })}
      >
        Crop
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        title="Only what is inside may change in the next edit"
        onClick={() => session.fill({ region: volumeRegion(kind, volume) })}
      >
        Edit inside
      </Button>
    </>
  );
}
