import { UserError } from "../../core/errors.ts";
import { choice } from "../../core/params.ts";
import { defineCommand } from "../command.ts";
import { STATE, withoutProposal, type Doc, type Members } from "../document.ts";
import { membersHit, selectWhere } from "../select.ts";
import { deselected, isTouchable, mapEditable } from "../states.ts";

function proposalOf({ proposal }: Doc): Members {
  if (proposal) return proposal;
  throw new UserError("Nothing is proposed.", "Look for floaters first.");
}

export const acceptFloaters = defineCommand({
  id: "floaters.accept",
  group: "clean",
  title: "Accept proposal",
  help: "Deletes what is proposed, or selects it to be looked at.",
  params: {
    action: choice({
      label: "Action",
      help: "What happens to what is proposed.",
      options: ["delete", "select"],
      default: "delete",
    }),
  },
  label: ({ action }) => (action === "delete" ? "Delete floaters" : "Select floaters"),
  apply(doc, { action }) {
    const isProposed = membersHit(proposalOf(doc));
    const rest = withoutProposal(doc);
    if (action === "select") return selectWhere(rest, "set", isProposed);
    return mapEditable(rest, (layer) => {
      const hit = isProposed(layer);
      return (bits, splat) => (isTouchable(bits) && hit(splat) ? deselected(bits) | STATE.deleted : bits);
    });
  },
});

export const discardFloaters = defineCommand({
  id: "floaters.discard",
  group: "clean",
  title: "Discard proposal",
  help: "Forgets what is proposed.",
  transient: true,
  apply(doc) {
    proposalOf(doc);
    return withoutProposal(doc);
  },
});
