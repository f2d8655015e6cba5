import { ActionIcon, Tooltip, type ActionIconProps } from "@mantine/core";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { keyLabels } from "../editor/commands/chord.ts";
import { IS_MAC } from "./platform.ts";
import { useCommand } from "./use-commands.ts";

/** A button with a picture; its label is read aloud and shown on hover and focus. */
export function IconButton({
  label,
  help,
  chord,
  isPressed,
  tooltipSide = "bottom",
  children,
  ...rest
}: Omit<ActionIconProps & ComponentPropsWithRef<"button">, "color" | "size" | "variant"> & {
  readonly label: string;
  /** More than the label, for the tooltip. */
  readonly help?: string | undefined;
  readonly chord?: string | undefined;
  readonly isPressed?: boolean | undefined;
  /** Where its tooltip lies in the way of nothing. */
  readonly tooltipSide?: "right" | "bottom" | "top";
  readonly children: ReactNode;
}) {
  const keys = chord ? ` (${keyLabels(chord, IS_MAC).join(IS_MAC ? "" : "+")})` : "";
  return (
    <Tooltip
      label={`${help ?? label}${keys}`}
      position={tooltipSide}
      openDelay={350}
      multiline
      maw={280}
      disabled={rest["aria-expanded"] === true} // its menu is in that place
    >
      <ActionIcon
        aria-label={label}
        aria-pressed={isPressed}
        variant="subtle"
        color="gray"
        bg={isPressed ? "var(--hover)" : "transparent"}
        c={isPressed ? "var(--accent)" : "var(--text)"}
        size="var(--icon)"
        {...rest}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** The button of a command; nothing where the engine does not offer it. */
export function CommandButton({
  id,
  label,
  help,
  isPressed,
  tooltipSide = "bottom",
  children,
}: {
  readonly id: string;
  /** Shorter than the command's title. */
  readonly label?: string;
  readonly help?: string | undefined;
  readonly isPressed?: boolean;
  readonly tooltipSide?: "right" | "bottom" | "top";
  readonly children: ReactNode;
}) {
  const offered = useCommand(id);
  if (!offered) return null;
  const { command, chord, run } = offered;
  return (
    <IconButton
      label={label ?? command.title}
      help={help ?? command.help ?? command.title}
      chord={chord}
      isPressed={isPressed}
      tooltipSide={tooltipSide}
      disabled={!offered.isEnabled}
      onClick={run}
    >
      {children}
    </IconButton>
  );
}
