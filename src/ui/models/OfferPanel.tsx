import { Button } from "@mantine/core";
import { bytesInWords, counted } from "../../formats/words.ts";
import type { Offer } from "../../models/probe.ts";
import { useApp, useModelsState } from "../session-context.ts";
import { LicenceLink } from "./LicenceLink.tsx";
import classes from "./Models.module.css";

/** What was found, its licence above all; nothing of its weights is fetched before the user says so. */
export function OfferPanel({ offer, onAccept }: { readonly offer: Offer; readonly onAccept: () => void }) {
  const { models } = useApp();
  const free = useModelsState((state) => state.room?.free);
  const { title, files, bytes, notes, licence } = offer;
  const isTooLarge = free !== undefined && bytes > free;
  return (
    <section aria-label={title}>
      <h3 className={classes["heading"]}>{title}</h3>
      <p>
        {offer.purpose === "codec" && "Its encoder alone: "}
        {bytesInWords(bytes)} in {counted(files.length, "file")}.
      </p>
      {isTooLarge && (
        <p className={classes["warning"]}>
          There may not be room for it: delete models that are no longer used, or free some disk space.
        </p>
      )}
      {notes.map((note) => (
        <p key={note} className={classes["dim"]}>
          {note}
        </p>
      ))}
      <p>
        {licence ? (
          <>
            Its licence is <LicenceLink licence={licence} />. Read it before you agree.
          </>
        ) : (
          "Its publisher names no licence: find out whether you may use it."
        )}
      </p>
      <div className={classes["buttons"]}>
        <Button
          size="xs"
          onClick={() => {
            onAccept();
            void models.acceptOffer();
          }}
        >
          {licence ? "Agree and download" : "Download"}
        </Button>
        <Button size="xs" variant="default" onClick={() => models.dismiss("offer")}>
          Back
        </Button>
      </div>
    </section>
  );
}
