// A round in which a team estimates together: who has voted, and the votes once all are shown.

import { panel } from "../acting/panel.js";
import { h } from "../elements.js";
import * as words from "../words.js";
import { section, time } from "./parts.js";

/** Whether something can still be done in a round. */
export const isGoingOn = ({ state }) => state === "OPEN" || state === "REVEALED";

/** The round that is going on, or the last one; nothing where there was none. */
export function estimation({ item, viewer }, page) {
  const [round] = item.rounds.nodes;
  if (!round) return null;
  const votes = round.votes.nodes.map(vote);
  return section(
    "estimation",
    "Estimating together",
    null,
    h(
      "div",
      { class: isGoingOn(round) ? "card" : "card ended" },
      h("p", { class: "by" }, `${round.opener.name ?? "Somebody"} opened round ${round.number} `, time(round.openedAt)),
      h("p", {}, standing(round, viewer.person.id)),
      votes.length ? h("ul", { class: "lines" }, votes) : null,
      panel(round.id, `round ${round.number}`, page, { item, viewer, round }),
    ),
  );
}

function standing({ state, points, votedIds, electorateIds }, me) {
  if (state !== "OPEN") return points === null ? words.plain(state) : `${words.plain(state)}: ${points} points`;
  const mine = votedIds.includes(me) ? " You have; you may vote again." : "";
  return `${votedIds.length} of ${electorateIds.length} have voted.${mine}`;
}

function vote({ id, kind, points, missing, why, rationale, voter }) {
  const told = kind === "VALUE" ? `${points} points` : words.plain(kind);
  const because = [missing, why, rationale].filter(Boolean).join(" · ");
  return h("li", { key: id }, h("strong", {}, voter.name ?? "Somebody"), `: ${told}`, because ? ` (${because})` : "");
}
