import { Tabs } from "@mantine/core";
import { useEffect, useState } from "react";
import { bytesInWords } from "../../formats/words.ts";
import { Dialog } from "../dialogs/Dialog.tsx";
import { useApp, useModelsState, usePageState } from "../session-context.ts";
import { FolderTab } from "./FolderTab.tsx";
import { GetTab } from "./GetTab.tsx";
import classes from "./Models.module.css";
import { Problem } from "./Problem.tsx";
import { StoredTab } from "./StoredTab.tsx";

/** Getting models in, and seeing to those that are there. */
export function ModelsDialog() {
  const { page, models } = useApp();
  const isOpen = usePageState(({ dialog }) => dialog === "models");
  const [tab, setTab] = useState("stored");
  const folder = useModelsState((state) => state.folder);
  useEffect(() => {
    if (folder) setTab("folder"); // it may have been dropped on the scene
  }, [folder]);
  const purpose = useModelsState((state) => state.purpose);
  useEffect(() => {
    if (purpose === "codec") setTab((now) => (now === "folder" ? now : "get")); // asked for beside an encoder
  }, [purpose]);
  const problem = useModelsState((state) => state.problem);
  const note = useModelsState((state) => state.note);
  return (
    <Dialog title="Models" size="xl" isOpen={isOpen} onClose={() => page.setState({ dialog: undefined })}>
      {problem && <Problem problem={problem} onClose={() => models.dismiss("problem")} />}
      <Tabs value={tab} onChange={(next) => setTab(next ?? tab)} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="stored">On this machine</Tabs.Tab>
          <Tabs.Tab value="get">From the network</Tabs.Tab>
          <Tabs.Tab value="folder">From a folder</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="stored" className={classes["panel"]!}>
          <StoredTab />
        </Tabs.Panel>
        <Tabs.Panel value="get" className={classes["panel"]!}>
          <GetTab onAccept={() => setTab("stored")} />
        </Tabs.Panel>
        <Tabs.Panel value="folder" className={classes["panel"]!}>
          <FolderTab onQuantize={() => setTab("stored")} />
        </Tabs.Panel>
      </Tabs>
      <p className={classes["note"]} role="status">
        {note}
      </p>
      <RoomLine />
    </Dialog>
  );
}

function RoomLine() {
  const room = useModelsState((state) => state.room);
  if (room?.free === undefined) return null;
  return (
    <p className={classes["dim"]}>
      {bytesInWords(room.free)} are free.{" "}
      {!room.isPersistent && "The browser may drop what is stored when the disk runs low."}
    </p>
  );
}
