import { Kbd } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { chordOf, keyLabels } from "../../editor/commands/chord.ts";
import type { PageCommand } from "../../editor/commands/command.ts";
import { chordsOf, withChords, type KeySettings } from "../../editor/commands/keymap.ts";
import { IS_MAC } from "../platform.ts";
import classes from "./Keys.module.css";

/** A command and its keys; pressing the button and then other keys changes them. */
export function KeysRow({
  command,
  keys,
  onChange,
}: {
  readonly command: PageCommand;
  readonly keys: KeySettings;
  readonly onChange: (keys: KeySettings) => void;
}) {
  const [isListening, setListening] = useState(false);
  const labels = chordsOf(command, keys).map((chord) => keyLabels(chord, IS_MAC).join(" "));
  const press = (event: KeyboardEvent): void => {
    if (!isListening) return;
    if (event.key === "Tab") return setListening(false);
    event.preventDefault();
    event.stopPropagation();
    const chord = chordOf(event.nativeEvent, IS_MAC);
    if (!chord) return;
    setListening(false);
    if (chord !== "escape") onChange(withChords(keys, command, chord === "backspace" ? [] : [chord]));
  };
  return (
    <div className={classes["row"]}>
      <span title={command.help}>{command.title}</span>
      <button
        type="button"
        className={classes["keys"]}
        aria-label={`${command.title}: ${labels.join(", ") || "no key"}. Change`}
        aria-pressed={isListening}
        onClick={() => setListening(true)}
        onBlur={() => setListening(false)}
        onKeyDown={press}
      >
        {isListening ? (
          <span className={classes["listening"]}>press keys · Backspace: none</span>
        ) : (
          labels.map((label) => <Kbd key={label}>{label}</Kbd>)
        )}
      </button>
    </div>
  );
}
