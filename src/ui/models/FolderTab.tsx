import { Button } from "@mantine/core";
import { useRef, useState, type ChangeEvent, type DragEvent } from "react";
import { bytesInWords, counted } from "../../formats/words.ts";
import type { PickedFolder } from "../../models/model-source.ts";
import { useApp, useModelsState, useSessionState } from "../session-context.ts";
import classes from "./Models.module.css";
import { droppedFolder, inputFolder, pickFolder } from "./pick-folder.ts";
import { PurposeField } from "./PurposeField.tsx";
import { QuantizeMenu } from "./QuantizeMenu.tsx";
import { useUse } from "./use-use.ts";

/** From a folder on this machine: used where it lies, or stored with its weights in fewer bits. */
export function FolderTab({ onQuantize }: { readonly onQuantize: () => void }) {
  const { models } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const folder = useModelsState((state) => state.folder);
  const purpose = useModelsState((state) => state.purpose);
  const choose = (): void => {
    const picked = pickFolder();
    if (picked) void models.pick(picked);
    else input.current?.click();
  };
  const take = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const files = [...(target.files ?? [])];
    target.value = ""; // so that the same folder can be chosen again
    if (files.length > 0) void models.pick(Promise.resolve(inputFolder(files)));
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void models.pick(droppedFolder(event.dataTransfer));
  };
  return (
    <>
      <PurposeField />
      <div
        className={`${classes["drop"]} ${isOver ? classes["over"] : ""}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>{WANTED[purpose]}</p>
        <Button size="xs" variant="default" onClick={choose}>
          Choose a folder…
        </Button>
        <input
          ref={(element) => {
            input.current = element;
            if (element) element.webkitdirectory = true;
          }}
          type="file"
          hidden
          aria-label="Model folder"
          onChange={take}
        />
      </div>
      {folder ? <Picked folder={folder} onQuantize={onQuantize} /> : <LastUsed />}
    </>
  );
}

const WANTED = {
  model: "Drop a model's folder here: text_encoder, unet, vae_encoder, vae_decoder and tokenizer, as ONNX.",
  codec: "Drop a folder here that has a vae_encoder, as ONNX: of TAESD, or of a whole model.",
} as const;

/** The folder that a model was loaded from before. */
function LastUsed() {
  const use = useUse();
  const handle = useSessionState((state) => state.folder?.handle);
  const isLoaded = useSessionState(({ chosen }) => chosen.kind === "folder" && chosen.name === handle?.name);
  const purpose = useModelsState((state) => state.purpose);
  if (!handle || purpose !== "model") return null;
  return (
    <div className={classes["row"]} role="group" aria-label={handle.name}>
      <div className={classes["facts"]}>
        <strong>{handle.name}</strong>
        <span>{isLoaded ? "in use" : "last used; you may have to allow reading it"}</span>
      </div>
      <div className={classes["buttons"]}>
        <Button size="xs" disabled={isLoaded || !use.isPossible} onClick={use.loadKept}>
          Use
        </Button>
      </div>
    </div>
  );
}

function Picked({ folder, onQuantize }: { readonly folder: PickedFolder; readonly onQuantize: () => void }) {
  const use = useUse();
  const purpose = useModelsState((state) => state.purpose);
  const { name, files } = folder;
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  return (
    <div className={classes["row"]} role="group" aria-label={name}>
      <div className={classes["facts"]}>
        <strong>{name}</strong>
        <span>
          {counted(files.length, "file")}, {bytesInWords(bytes)}
        </span>
      </div>
      <div className={classes["buttons"]}>
        {purpose === "codec" ? (
          <Button
            size="xs"
            disabled={!use.isPossible}
            onClick={() => use.loadEncoder({ kind: "folder", ...folder })}
          >
            Use as encoder
          </Button>
        ) : (
          <>
            <Button
              size="xs"
              disabled={!use.isPossible}
              onClick={() => use.load({ kind: "folder", ...folder })}
            >
              Use
            </Button>
            <QuantizeMenu source={{ kind: "folder", name, files }} onQuantize={onQuantize} />
          </>
        )}
      </div>
    </div>
  );
}
