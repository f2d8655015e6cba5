import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { looksLikeAddress } from "../../editor/scene-address.ts";
import { useApp, usePageState } from "../session-context.ts";
import { Dialog } from "./Dialog.tsx";
import classes from "./Form.module.css";

/** Opens a scene from the web. */
export function AddressDialog() {
  const { page, session } = useApp();
  const isOpen = usePageState(({ dialog }) => dialog === "address");
  const [address, setAddress] = useState("");
  const close = (): void => page.setState({ dialog: undefined });
  return (
    <Dialog title="Open a scene from an address" isOpen={isOpen} onClose={close}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          close();
          void session.openAddress(address);
        }}
      >
        <TextInput
          label="Address of a .ply"
          placeholder="https://example.org/scene.ply"
          description="The server has to let other sites' pages read its files (CORS)."
          value={address}
          data-autofocus
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!looksLikeAddress(address)}>
          Open
        </Button>
      </form>
    </Dialog>
  );
}
