import { Button } from "@mantine/core";
import { useState } from "react";
import { isStored } from "../../editor/chosen-model.ts";
import { noiseInWords } from "../../editor/model-work.ts";
import { bytesInWords } from "../../formats/words.ts";
import type { StoredModel } from "../../models/model-store.ts";
import { useApp, useModelsState, useSessionState } from "../session-context.ts";
import { LicenceLink } from "./LicenceLink.tsx";
import classes from "./Models.module.css";
import { QuantizeMenu } from "./QuantizeMenu.tsx";
import { useUse } from "./use-use.ts";

const STATES: Readonly<Record<StoredModel["state"], string>> = {
  complete: "complete",
  partial: "paused",
  downloading: "downloading",
  damaged: "broken",
};

/** One that was made on this machine is made again rather than gone on with. */
const stateOf = ({ state, origin }: StoredModel): string =>
  state === "partial" && origin ? "not whole" : STATES[state];

const factsOf = (model: StoredModel, inUse: boolean): readonly string[] => [
  sizeOf(model),
  inUse ? "in use" : stateOf(model),
  ...(model.origin?.noise ? [noiseInWords(model.origin.noise)] : []),
];

/** What is stored, and what goes on with it. */
export function StoredTab() {
  const stored = useModelsState((state) => state.stored);
  const work = useModelsState((state) => state.work);
  const starting = Object.keys(work)
    .filter((id) => !stored.some((model) => model.id === id))
    .map((id): StoredModel => ({ id, title: id, state: "downloading", bytes: 0, total: 0 }));
  const rows = [...stored, ...starting];
  if (rows.length === 0)
    return (
      <p className={classes["dim"]}>
        Nothing is stored yet. The models that come with Splatsmith need no storage.
      </p>
    );
  return (
    <ul className={classes["list"]}>
      {rows.map((model) => (
        <Row key={model.id} model={model} />
      ))}
    </ul>
  );
}

function Row({ model }: { readonly model: StoredModel }) {
  const { models } = useApp();
  const { id, title, state, purpose, licence, origin } = model;
  const work = useModelsState((all) => all.work[id]);
  const inUse = useSessionState(({ chosen, encoder }) => isStored(chosen, id) || isStored(encoder, id));
  const isLoaded = useSessionState(({ chosen }) => isStored(chosen, id));
  const use = useUse();
  const isWhole = state === "complete" && !work;
  const facts = work ? [] : factsOf(model, inUse); // what goes on says how much there is
  return (
    <li className={classes["row"]} aria-label={title}>
      <div className={classes["facts"]}>
        <strong>{title}</strong>
        <span>
          {facts.join(" · ")}
          {licence && (
            <>
              {facts.length > 0 && " · "}
              <LicenceLink licence={licence} />
            </>
          )}
        </span>
        {work && (
          <>
            <progress aria-label={`Progress of ${title}`} value={work.share} max={1} />
            <span>{work.text}</span>
          </>
        )}
      </div>
      <div className={classes["buttons"]}>
        {isWhole && purpose === "model" && (
          <Button
            size="xs"
            disabled={isLoaded || !use.isPossible}
            onClick={() => use.load({ kind: "stored", id })}
          >
            Use
          </Button>
        )}
        {isWhole && purpose === "codec" && (
          <Button
            size="xs"
            disabled={inUse || !use.isPossible}
            onClick={() => use.loadEncoder({ kind: "stored", id })}
          >
            Use as encoder
          </Button>
        )}
        {work && (
          <Button size="xs" variant="default" onClick={() => void models.pause(id)}>
            {origin ? "Stop" : "Pause"}
          </Button>
        )}
        {state === "partial" && !work && !origin && (
          <Button size="xs" onClick={() => void models.resume(id)}>
            Go on
          </Button>
        )}
        {isWhole && (
          <Button size="xs" variant="default" onClick={() => void models.verify(id)}>
            Verify
          </Button>
        )}
        {isWhole && purpose === "model" && !origin && <QuantizeMenu source={{ kind: "stored", id }} />}
        {!work && !inUse && <DeleteButton id={id} />}
      </div>
    </li>
  );
}

const sizeOf = ({ state, bytes, total }: StoredModel): string =>
  state === "partial" && total > bytes
    ? `${bytesInWords(bytes)} of ${bytesInWords(total)}`
    : bytesInWords(bytes);

/** Gigabytes should not have to be fetched again for a slip of the hand. */
function DeleteButton({ id }: { readonly id: string }) {
  const { models } = useApp();
  const [isSure, setSure] = useState(false);
  return (
    <Button
      size="xs"
      variant="default"
      onBlur={() => setSure(false)}
      onClick={() => (isSure ? void models.remove(id) : setSure(true))}
    >
      {isSure ? "Really delete" : "Delete"}
    </Button>
  );
}
