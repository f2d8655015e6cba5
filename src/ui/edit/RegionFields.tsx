import { isSame } from "../../core/same.ts";
import type { PageState } from "../../editor/page.ts";
import { isRunning, objectOf, type SessionState } from "../../editor/store.ts";
import { volumeAround, volumeRegion } from "../../editor/volume.ts";
import type { EditRegion } from "../../worker/protocol.ts";
import { useApp, usePageState, useSessionState } from "../session-context.ts";
import classes from "./Edit.module.css";

type Kind = "all" | "object" | "selection" | "sphere" | "box";

interface Choice {
  readonly kind: Kind;
  readonly label: string;
  readonly hint: string;
  /** Undefined where it cannot be had now. */
  region(session: SessionState, page: PageState): EditRegion | undefined;
}

const CHOICES: readonly Choice[] = [
  {
    kind: "all",
    label: "Everything",
    hint: "Every splat may change.",
    region: () => ({ kind: "all" }),
  },
  {
    kind: "object",
    label: "The object",
    hint: "Splats outside of the object stay as they are, bit by bit.",
    region(session) {
      const object = objectOf(session);
      return object && { kind: "sphere", ...object };
    },
  },
  {
    kind: "selection",
    label: "Selection",
    hint: "Only what is selected when the edit starts may change.",
    region: ({ document }) => (document && document.selected > 0 ? { kind: "selection" } : undefined),
  },
  {
    kind: "sphere",
    label: "Sphere",
    hint: "What is inside the ball may change; the sphere tool shows and moves it.",
    region: ({ document }, { volume }) => boundRegion("sphere", document, volume),
  },
  {
    kind: "box",
    label: "Box",
    hint: "What is inside the box may change; the box tool shows and moves it.",
    region: ({ document }, { volume }) => boundRegion("box", document, volume),
  },
];

const boundRegion = (
  kind: "sphere" | "box",
  document: SessionState["document"],
  volume: PageState["volume"],
): EditRegion | undefined => {
  const bound = volume ?? (document && volumeAround(document.focus));
  return bound && volumeRegion(kind, bound);
};

/** What may change. */
export function RegionFields() {
  const { session, page } = useApp();
  const state = useSessionState((all) => all);
  const pageState = usePageState((all) => all);
  const chosen = kindOf(state);
  const running = isRunning(state);
  const choose = ({ kind, region }: Choice): void => {
    const next = region(state, pageState);
    if (!next) return;
    session.fill({ region: next });
    // A volume is to be seen where it confines an edit.
    if (kind === "sphere" || kind === "box") {
      page.setState({ tool: kind, volume: pageState.volume ?? volumeAround(state.document!.focus) });
    }
  };
  return (
    <fieldset className={classes["regions"]} disabled={running}>
      <legend>May change</legend>
      <div className={classes["region"]}>
        {CHOICES.map((choice) => (
          <button
            key={choice.kind}
            type="button"
            className={classes["chip"]}
            title={choice.hint}
            aria-pressed={choice.kind === chosen}
            disabled={running || (choice.kind !== chosen && !choice.region(state, pageState))}
            onClick={() => choose(choice)}
          >
            {choice.label}
          </button>
        ))}
      </div>
      <p className={classes["hint"]}>{CHOICES.find(({ kind }) => kind === chosen)?.hint}</p>
    </fieldset>
  );
}

function kindOf(session: SessionState): Kind {
  const { region } = session.form;
  const object = objectOf(session);
  if (region.kind === "sphere" && object) {
    const { center, radius } = region;
    if (isSame([center, radius], [object.center, object.radius])) return "object";
  }
  return region.kind === "splats" ? "selection" : region.kind;
}
