import { useState } from "react";
import { EMBEDDED_MODELS, type EmbeddedModelId } from "../../diffusion/embedded-models.ts";
import { isRunning } from "../../editor/store.ts";
import type { ProviderComparison } from "../../worker/protocol.ts";
import { Button } from "@mantine/core";
import fields from "../fields/Field.module.css";
import { SelectField } from "../fields/SelectField.tsx";
import { useSession, useSessionState } from "../session-context.ts";

const PROVIDERS = [
  { id: "auto", label: "Automatic" },
  { id: "webgpu", label: "GPU (WebGPU)" },
  { id: "wasm", label: "CPU (wasm)" },
];

/** Which model there is, where it computes, and whether both places agree. */
export function MachineFields() {
  const session = useSession();
  const provider = useSessionState((state) => state.provider);
  const embedded = useSessionState((state) => state.embedded);
  const model = useSessionState((state) => state.model);
  const locked = useSessionState((state) => isRunning(state) || state.busy !== undefined);
  const [comparison, setComparison] = useState<ProviderComparison>();
  const isReady = model.status === "ready" && !locked;
  return (
    <>
      <SelectField
        label="Model"
        help="Both come with Splatsmith and know the same words."
        value={embedded}
        options={EMBEDDED_MODELS}
        disabled={locked || model.status === "loading"}
        onChange={(choice) => void session.chooseEmbedded(choice as EmbeddedModelId)}
      />
      <SelectField
        label="Model runs on"
        help="By itself: the GPU, or the CPU where the GPU is only software."
        value={provider}
        options={PROVIDERS}
        disabled={locked || model.status === "loading"}
        onChange={(choice) => void session.chooseProvider(choice as "auto")}
      />
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
