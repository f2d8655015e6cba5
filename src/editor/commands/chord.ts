/**
 * A chord is one key with its modifiers as text: `mod+shift+z`, `[`, `?`. `mod` is Cmd on a Mac and Ctrl elsewhere.
 * Letters and signs are those that the keyboard produces, so a chord is where its label says on every layout. Digits
 * of the number pad are keys of their own: `num7`.
 */
export interface KeyEventLike {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const MODIFIERS = new Set(["Control", "Meta", "Shift", "Alt", "AltGraph", "CapsLock"]);

/** The chord of a key event; undefined for a modifier alone or a dead key. */
export function chordOf(event: KeyEventLike, isMac: boolean): string | undefined {
  if (MODIFIERS.has(event.key) || event.key === "Dead" || event.key === "Unidentified") return undefined;
  const key = keyOf(event);
  // Windows says Ctrl+Alt for AltGr, which many keyboards need for signs like "[".
  const isAltGr = event.ctrlKey && event.altKey && /^[^a-z0-9]$/i.test(event.key);
  const ctrl = event.ctrlKey && !isAltGr;
  const alt = event.altKey && !isAltGr;
  const mod = isMac ? event.metaKey : ctrl;
  const other = isMac ? ctrl : event.metaKey;
  // A sign that needs Shift, as "?" does on most keyboards, says so itself.
  const shift = event.shiftKey && (key.length > 1 || /[a-z0-9]/.test(key));
  return [mod && "mod", other && (isMac ? "ctrl" : "meta"), alt && "alt", shift && "shift", key]
    .filter((part) => part !== false)
    .join("+");
}

function keyOf({ key, code, altKey }: KeyEventLike): string {
  if (key === " ") return "space";
  const numpad = /^Numpad(\d)$/.exec(code)?.[1];
  if (numpad && key === numpad) return `num${numpad}`;
  const physical = /^(?:Key|Digit)([A-Z0-9])$/.exec(code)?.[1]?.toLowerCase();
  // Alt makes other signs on a Mac, and some scripts have no Latin letters: there the key's place has to do.
  const isLatin = key.length > 1 || key.charCodeAt(0) < 128;
  if (physical && ((altKey && /^[a-z0-9]$/i.test(key)) || !isLatin)) return physical;
  return key.toLowerCase();
}

const NAMES: Readonly<Record<string, readonly [elsewhere: string, mac: string]>> = {
  mod: ["Ctrl", "⌘"],
  ctrl: ["Ctrl", "⌃"],
  meta: ["Win", "⌘"],
  alt: ["Alt", "⌥"],
  shift: ["Shift", "⇧"],
  space: ["Space", "Space"],
  escape: ["Esc", "Esc"],
  delete: ["Del", "⌦"],
  backspace: ["Backspace", "⌫"],
  enter: ["Enter", "↵"],
  arrowleft: ["←", "←"],
  arrowright: ["→", "→"],
  arrowup: ["↑", "↑"],
  arrowdown: ["↓", "↓"],
};

/** The keys of a chord as a keyboard names them. */
export const keyLabels = (chord: string, isMac: boolean): readonly string[] =>
  chord
    .split(/\+(?=.)/)
    .map((part) => NAMES[part]?.[isMac ? 1 : 0] ?? (part.length === 1 ? part.toUpperCase() : capital(part)));

const capital = (word: string): string =>
  (word[0]!.toUpperCase() + word.slice(1)).replace(/^Num(\d)$/, "Num $1");
