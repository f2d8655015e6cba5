import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Dialog.module.css";

/** A window over the page, with a title and a way out. */
export function Dialog({
  title,
  isOpen,
  onClose,
  size = "md",
  closeLabel = "Close",
  children,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly size?: string;
  readonly closeLabel?: string;
  readonly children: ReactNode;
}) {
  return (
    <Modal.Root opened={isOpen} onClose={onClose} size={size} transitionProps={{ duration: 120 }}>
      <Modal.Overlay />
      <Modal.Content>
        {/* The library's header would be taken for the page's. */}
        <div className={classes["head"]}>
          <Modal.Title className={classes["title"]!}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={closeLabel} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
