import { Button } from "@mantine/core";
import { useState } from "react";
import { isStored, keyOf, type ChosenEncoder } from "../../editor/chosen-model.ts";
import { isRunning } from "../../editor/store.ts";
import fields from "../fields/Field.module.css";
import { SelectField } from "../fields/SelectField.tsx";
import { useApp, useModelsState, useSession, useSessionState } from "../session-context.ts";
import { folderLabel } from "./use-model-choices.ts";

const OWN = "own";

/** Which encoder the model is used with, and how alike its gradients and those of the model's own are. */
export function EncoderFields() {
  const session = useSession();
  const { page, models } = useApp();
  const model = useSessionState((state) => state.model);
  const encoder = useSessionState((state) => state.encoder);
  const locked = useSessionState((state) => isRunning(state) || state.busy !== undefined);
  const hasScene = useSessionState((state) => state.scene !== undefined);
  const choices = useEncoderChoices();
  /** Which encoder was compared, and its cosines. */
  const [agreement, setAgreement] = useState<{
    readonly of: ChosenEncoder;
    readonly cosines: readonly number[];
  }>();
  return (
    <>
      <SelectField
        label="Encoder"
        help="Turns views into latents, and gradients on latents into those on views. A small one, as TAESD, is faster."
        value={encoder ? keyOf(encoder) : OWN}
        options={[{ id: OWN, label: "The model's own" }, ...choices]}
        disabled={locked || model.status !== "ready"}
        onChange={(key) => void session.chooseEncoder(choices.find(({ id }) => id === key)?.encoder)}
      />
      <Button
        variant="default"
        size="xs"
        mb={9}
        title="Get another encoder from the network or a folder"
        onClick={() => {
          models.setPurpose("codec");
          page.setState({ dialog: "models" });
        }}
      >
        Encoders…
      </Button>
      {encoder && (
        <Button
          variant="default"
          size="xs"
          mb={9}
          ml={6}
          disabled={model.status !== "ready" || locked || !hasScene}
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
    </>
  );
}

/** Encoders that could stand in for the model's own now, the one that does among them. */
function useEncoderChoices() {
  const chosen = useSessionState((state) => state.chosen);
  const encoder = useSessionState((state) => state.encoder);
  const stored = useModelsState((state) => state.stored);
  const choice = (label: string, of: ChosenEncoder) => ({ id: keyOf(of), label, encoder: of });
  const complete = stored
    .filter(({ id, state }) => (state === "complete" && !isStored(chosen, id)) || isStored(encoder, id))
    .map(({ id, title }) => choice(title, { kind: "stored", id }));
  return encoder?.kind === "folder" ? [...complete, choice(folderLabel(encoder.name), encoder)] : complete;
}

const describeAgreement = (cosines: readonly number[]): string =>
  "Picture gradients against those of the model's own encoder: cosine " +
  `${cosines.map((cosine) => cosine.toFixed(3)).join(", ")}.`;
