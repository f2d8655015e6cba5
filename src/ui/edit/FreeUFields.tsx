import { Button } from "@mantine/core";
import { useState } from "react";
import { isRunning } from "../../editor/store.ts";
import { PUBLISHED_FREE_U } from "../../onnx/passes/free-u.ts";
import type { FreeU } from "../../worker/protocol.ts";
import fields from "../fields/Field.module.css";
import { NumberField } from "../fields/NumberField.tsx";
import { SelectField } from "../fields/SelectField.tsx";
import { useSession, useSessionState } from "../session-context.ts";

const OFF = "off";
const OWN = "own";
const OPTIONS = [
  { id: OFF, label: "Off" },
  ...PUBLISHED_FREE_U.map(({ id, label }) => ({ id, label: `As published for ${label}` })),
  { id: OWN, label: "Own factors…" },
];
const FACTORS = [
  {
    key: "b1",
    label: "b1, deepest",
    help: "On half of the channels from below, where they are most: 1280 in Stable Diffusion.",
  },
  {
    key: "b2",
    label: "b2, next",
    help: "On half of the channels from below, where they are half as many.",
  },
  { key: "s1", label: "s1, deepest", help: "On the low frequencies of the skips there." },
  { key: "s2", label: "s2, next", help: "On the low frequencies of the skips there." },
] as const satisfies readonly { key: keyof FreeU; label: string; help: string }[];

const isSame = (a: FreeU, b: FreeU): boolean => FACTORS.every(({ key }) => a[key] === b[key]);
const nameOf = (freeU: FreeU | undefined): string =>
  freeU ? (PUBLISHED_FREE_U.find(({ factors }) => isSame(factors, freeU))?.id ?? OWN) : OFF;

/** Whether and how FreeU changes the UNet. */
export function FreeUFields() {
  const session = useSession();
  const model = useSessionState((state) => state.model);
  const freeU = useSessionState((state) => state.freeU);
  const locked = useSessionState((state) => isRunning(state) || state.busy !== undefined);
  /** Own factors that are not in use yet. */
  const [draft, setDraft] = useState<FreeU>();
  if (model.status !== "ready") return null;
  const { noFreeU } = model.value;
  const choose = (id: string): void => {
    if (id === OWN) return setDraft(freeU ?? PUBLISHED_FREE_U[0]!.factors);
    setDraft(undefined);
    void session.chooseFreeU(PUBLISHED_FREE_U.find((published) => published.id === id)?.factors);
  };
  const isOwn = draft !== undefined || nameOf(freeU) === OWN;
  const shown = draft ?? freeU;
  return (
    <>
      <SelectField
        label="FreeU"
        help="Makes more of what the UNet has of the whole picture, and less of the coarse part of its details, without training (Si et al., 2023)."
        value={isOwn ? OWN : nameOf(freeU)}
        options={OPTIONS}
        disabled={locked || noFreeU !== undefined}
        onChange={choose}
      />
      {noFreeU !== undefined && <p className={fields["note"]}>{noFreeU}</p>}
      {isOwn && shown && (
        <>
          <div className={fields["columns"]}>
            {FACTORS.map(({ key, label, help }) => (
              <NumberField
                key={key}
                {...{ label, help }}
                value={shown[key]}
                {...{ min: 0, max: 4, step: 0.1, disabled: locked }}
                onChange={(value) => setDraft({ ...shown, [key]: value })}
              />
            ))}
          </div>
          <Button
            variant="default"
            size="xs"
            mb={9}
            disabled={locked || (freeU !== undefined && isSame(shown, freeU))}
            onClick={() => void session.chooseFreeU(shown)}
          >
            Use these factors
          </Button>
        </>
      )}
    </>
  );
}
