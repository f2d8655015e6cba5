import { Button } from "@mantine/core";
import { useState } from "react";
import { keyOf } from "../../editor/chosen-model.ts";
import { precisionInWords } from "../../diffusion/precision.ts";
import { isRunning } from "../../editor/store.ts";
import type { ProviderComparison } from "../../worker/protocol.ts";
import fields from "../fields/Field.module.css";
import { SelectField } from "../fields/SelectField.tsx";
import { useApp, useSession, useSessionState } from "../session-context.ts";
import { EncoderFields } from "./EncoderFields.tsx";
import { FreeUFields } from "./FreeUFields.tsx";
import { MemoryFields } from "./MemoryFields.tsx";
import { useModelChoices } from "./use-model-choices.ts";

const PROVIDERS = [
  { id: "auto", label: "Automatic" },
  { id: "webgpu", label: "GPU (WebGPU)" },
  { id: "wasm", label: "CPU (wasm)" },
];

/** Which model there is, where it computes, and whether both places agree. */
export function MachineFields() {
  const session = useSession();
  const { page, models } = useApp();
  const provider = useSessionState((state) => state.provider);
  const chosen = useSessionState((state) => state.chosen);
  const model = useSessionState((state) => state.model);
  const locked = useSessionState((state) => isRunning(state) || state.busy !== undefined);
  const choices = useModelChoices();
  const [comparison, setComparison] = useState<ProviderComparison>();
  const isReady = model.status === "ready" && !locked;
  return (
    <>
      <SelectField
        label="Model"
        help="Those that come with Splatsmith, those that are stored on this machine, and the folder last used."
        value={keyOf(chosen)}
        options={choices}
        disabled={locked || model.status === "loading"}
        onChange={(key) => void choices.find(({ id }) => id === key)!.load()}
      />
      <Button
        variant="default"
        size="xs"
        mb={9}
        title="Load a Stable Diffusion from the network or a folder"
        onClick={() => {
          models.setPurpose("model");
          page.setState({ dialog: "models" });
        }}
      >
        Models…
      </Button>
      <EncoderFields />
      <FreeUFields key={keyOf(chosen)} />
      <SelectField
        label="Model runs on"
        help="By itself: the GPU, or the CPU where the GPU is only software."
        value={provider}
        options={PROVIDERS}
        disabled={locked || model.status === "loading"}
        onChange={(choice) => void session.chooseProvider(choice as "auto")}
      />
      {model.status === "ready" && (
        <p className={fields["note"]}>UNet in {precisionInWords(model.value.precision)}</p>
      )}
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

const describeComparison = ({ relativeError, webgpuMs, wasmMs }: ProviderComparison): string =>
  `UNet: GPU ${webgpuMs.toFixed(0)} ms, CPU ${wasmMs.toFixed(0)} ms, ` +
  `largest difference ${relativeError.toExponential(1)} of the output.`;
