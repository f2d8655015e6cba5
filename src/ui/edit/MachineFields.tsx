import { Button } from "@mantine/core";
import { useState } from "react";
import { isStored, type ChosenModel } from "../../editor/chosen-model.ts";
import { isRunning } from "../../editor/store.ts";
import type { ProviderComparison } from "../../worker/protocol.ts";
import fields from "../fields/Field.module.css";
import { SelectField } from "../fields/SelectField.tsx";
import { useApp, useModelsState, useSession, useSessionState } from "../session-context.ts";
import { FreeUFields } from "./FreeUFields.tsx";
import { MemoryFields } from "./MemoryFields.tsx";
import { useModelChoices } from "./use-model-choices.ts";

const PROVIDERS = [
  { id: "auto", label: "Automatic" },
  { id: "webgpu", label: "GPU (WebGPU)" },
  { id: "wasm", label: "CPU (wasm)" },
];

const keyOf = (chosen: ChosenModel): string =>
  `${chosen.kind} ${chosen.kind === "folder" ? chosen.name : chosen.id}`;

const OWN = "own";

/** Which model there is, where it computes, and whether both places agree. */
export function MachineFields() {
  const session = useSession();
  const { page } = useApp();
  const provider = useSessionState((state) => state.provider);
  const chosen = useSessionState((state) => state.chosen);
  const model = useSessionState((state) => state.model);
  const locked = useSessionState((state) => isRunning(state) || state.busy !== undefined);
  const choices = useModelChoices().map((choice) => ({ ...choice, id: keyOf(choice.chosen) }));
  const encoder = useSessionState((state) => state.encoder);
  const stored = useModelsState((state) => state.stored);
  const encoders = stored
    .filter(({ id, state }) => (state === "complete" && !isStored(chosen, id)) || id === encoder)
    .map(({ id, title }) => ({ id: `stored ${id}`, label: title }));
  /** Which encoder was compared, and its cosines. */
  const [agreement, setAgreement] = useState<{ readonly of: string; readonly cosines: readonly number[] }>();
  const [comparison, setComparison] = useState<ProviderComparison>();
  const hasScene = useSessionState((state) => state.scene !== undefined);
  const isReady = model.status === "ready" && !locked;
  return (
    <>
      <SelectField
        label="Model"
        help="Those that come with Splatsmith, and those that are stored on this machine."
        value={keyOf(chosen)}
        options={choices}
        disabled={locked || model.status === "loading"}
        onChange={(key) => void session.chooseModel(choices.find(({ id }) => id === key)!.chosen)}
      />
      <Button
        variant="default"
        size="xs"
        mb={9}
        title="Load a Stable Diffusion from the network or a folder"
        onClick={() => page.setState({ dialog: "models" })}
      >
        Models…
      </Button>
      <SelectField
        label="Encoder"
        help="Turns views into latents, and gradients on latents into those on views. A small one that is stored on this machine, as TAESD, is faster."
        value={encoder === undefined ? OWN : `stored ${encoder}`}
        options={[{ id: OWN, label: "The model's own" }, ...encoders]}
        disabled={locked || model.status !== "ready"}
        onChange={(key) => void session.chooseEncoder(key === OWN ? undefined : key.slice("stored ".length))}
      />
      {encoder !== undefined && (
        <Button
          variant="default"
          size="xs"
          mb={9}
          disabled={!isReady || !hasScene}
          title="How alike its gradients and those of the model's own encoder are, on views of this scene"
          onClick={async () => {
            const cosines = await session.compareEncoders();
            setAgreement(cosines && { of: encoder, cosines });
          }}
        >
          Compare encoders
        </Button>
      )}
      {agreement && agreement.of === encoder && (
        <p className={fields["note"]} role="status">
          {describeAgreement(agreement.cosines)}
        </p>
      )}
      <FreeUFields key={keyOf(chosen)} />
      <SelectField
        label="Model runs on"
        help="By itself: the GPU, or the CPU where the GPU is only software."
        value={provider}
        options={PROVIDERS}
        disabled={locked || model.status === "loading"}
        onChange={(choice) => void session.chooseProvider(choice as "auto")}
      />
      <MemoryFields />
      <Button
        variant="default"
        size="xs"
        disabled={!isReady}
        title="Runs the UNet once on the GPU and once on the CPU"
        onClick={async () => setComparison(await session.compareProviders())}
      >
        Compare GPU and CPU
      </Button>
      {comparison && (
        <p className={fields["note"]} role="status">
          {describeComparison(comparison)}
        </p>
      )}
    </>
  );
}

const describeAgreement = (cosines: readonly number[]): string =>
  "Picture gradients against those of the model's own encoder: cosine " +
  `${cosines.map((cosine) => cosine.toFixed(3)).join(", ")}.`;

const describeComparison = ({ relativeError, webgpuMs, wasmMs }: ProviderComparison): string =>
  `UNet: GPU ${webgpuMs.toFixed(0)} ms, CPU ${wasmMs.toFixed(0)} ms, ` +
  `largest difference ${relativeError.toExponential(1)} of the output.`;
