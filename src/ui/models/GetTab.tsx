import { Button, Loader } from "@mantine/core";
import { Fragment, useId, useState, type FormEvent } from "react";
import { bytesInWords } from "../../formats/words.ts";
import { catalogue, type CatalogueEntry } from "../../models/catalogue.ts";
import { HUB, shortName } from "../../models/location.ts";
import fields from "../fields/Field.module.css";
import { useApp, useModelsState } from "../session-context.ts";
import { LicenceLink } from "./LicenceLink.tsx";
import classes from "./Models.module.css";
import { OfferPanel } from "./OfferPanel.tsx";
import { PurposeField } from "./PurposeField.tsx";

const LISTS = [
  { purpose: "model", heading: "Models that should work" },
  { purpose: "codec", heading: "Encoders that may stand in for a model's own" },
] as const;

/** From an address or the catalogue. What is found is shown first, and fetched when the user says so. */
export function GetTab({ onAccept }: { readonly onAccept: () => void }) {
  const offer = useModelsState((state) => state.offer);
  const wanted = useModelsState((state) => state.purpose);
  if (offer) return <OfferPanel offer={offer} onAccept={onAccept} />;
  return (
    <>
      <PurposeField />
      <AddressForm />
      {LISTS.filter(({ purpose }) => purpose === wanted).map(({ purpose, heading }) => (
        <Fragment key={purpose}>
          <h3 className={classes["heading"]}>{heading}</h3>
          <ul className={classes["list"]}>
            {catalogue
              .filter((entry) => entry.purpose === purpose)
              .map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
          </ul>
        </Fragment>
      ))}
    </>
  );
}

function AddressForm() {
  const { models } = useApp();
  const id = useId();
  const [text, setText] = useState("");
  const looking = useModelsState((state) => state.looking);
  const hub = useModelsState((state) => state.hub);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== "") void models.look(text);
  };
  return (
    <form onSubmit={submit}>
      <label className={fields["label"]} htmlFor={id}>
        Hub repository or address
      </label>
      <div className={classes["line"]}>
        <input
          id={id}
          className={fields["text"]}
          value={text}
          placeholder="owner/name or https://…"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setText(target.value)}
        />
        <Button type="submit" size="xs" h={30} disabled={text.trim() === "" || looking !== undefined}>
          Look
        </Button>
      </div>
      {looking !== undefined && (
        <p className={classes["dim"]} role="status">
          <Loader size={12} /> Looking at {looking} …
        </p>
      )}
      <details className={classes["mirror"]}>
        <summary>Use a mirror of the hub</summary>
        <label className={fields["label"]} htmlFor={`${id}-hub`}>
          Address of the hub
        </label>
        <input
          id={`${id}-hub`}
          className={fields["text"]}
          defaultValue={hub}
          placeholder={HUB}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => models.setHub(target.value)}
        />
      </details>
    </form>
  );
}

function Entry({ entry }: { readonly entry: CatalogueEntry }) {
  const { models } = useApp();
  const looking = useModelsState((state) => state.looking);
  const { id, title, description, location, bytes, language, licence } = entry;
  const facts = [
    shortName(location),
    bytes && `about ${bytesInWords(bytes)}`,
    language && `${language} prompts`,
  ];
  return (
    <li className={classes["row"]} aria-label={title}>
      <div className={classes["facts"]}>
        <strong>{title}</strong>
        <span>{description}</span>
        <span>
          {facts.filter(Boolean).join(" · ")} ·{" "}
          {licence ? <LicenceLink licence={licence} /> : "no licence named"}
        </span>
      </div>
      <div className={classes["buttons"]}>
        <Button
          size="xs"
          variant="default"
          disabled={looking !== undefined}
          onClick={() => void models.look(id)}
        >
          Look
        </Button>
      </div>
    </li>
  );
}
