// What waits for me, what is in dispute, what was signed last, and the teams.

import { ask } from "../api.js";
import { h } from "../elements.js";
import { HOME, OWN_TURNS } from "../operations.js";
import * as words from "../words.js";
import { link, nothing, section, stance, time, turn } from "./parts.js";

const SHOWN_AT_ONCE = 12;
const OWN_TEAMS_MAX = 8;

export const home = {
  async load() {
    const data = await ask(HOME);
    const own = [...ownTeams(data)].slice(0, OWN_TEAMS_MAX);
    const found = await Promise.all(own.map((id) => ask(OWN_TURNS, { id })));
    return { ...data, own: found.flatMap(({ team }) => team?.turns.nodes ?? []) };
  },

  title: () => "My turn",

  show(data, page) {
    const { person, powers } = data.viewer;
    return [
      h("h1", { tabindex: "-1", class: "unseen" }, "My turn and what is in dispute"),
      h(
        "div",
        { class: "columns" },
        h("div", {}, mine(person), disputes(data, person.id, page)),
        h("div", { class: "side" }, signOffs(data.signOffs.nodes), teams(data.teams.nodes, powers)),
      ),
    ];
  },
};

function mine(person) {
  const { nodes, totalCount } = person.attention;
  const lines = nodes.map((one) => waiting(one, person.id));
  const none = nothing("Nothing waits for you.");
  return section("mine", "My turn", totalCount, lines.length ? h("ul", { class: "cards" }, lines) : none);
}

function ownTeams({ viewer }) {
  return new Set(viewer.powers.map((held) => held.team?.id).filter(Boolean));
}

/** What waits for others: in the reader's own teams first, longest first. */
function disputes(data, me, page) {
  const mine = new Set(data.viewer.person.attention.nodes.map((one) => one.id));
  const own = ownTeams(data);
  const found = new Map([...data.turns.nodes, ...data.own].map((one) => [one.id, one]));
  const all = [...found.values()]
    .filter((one) => one.pushback && !mine.has(one.id))
    .sort((one, other) => own.has(other.team.id) - own.has(one.team.id) || one.since.localeCompare(other.since));
  const count = data.turns.pageInfo.hasNextPage ? `${all.length} and more` : all.length;
  const shown = page.shows("disputes") ? all : all.slice(0, SHOWN_AT_ONCE);
  const more = all.length > shown.length ? moreButton(all.length - shown.length, () => page.showAll("disputes")) : null;
  const list = h(
    "ul",
    { class: "cards" },
    shown.map((one) => waiting(one, me)),
  );
  const none = nothing("Nobody else disagrees.");
  return section("disputes", "Open disagreements, others\u2019 turn", count, shown.length ? list : none, more);
}

function moreButton(count, click) {
  return h("button", { type: "button", class: "plain", on: { click } }, `Show ${count} more`);
}

function waiting(one, me) {
  const thing = one.pushback ?? one.question ?? one.signOffRequest;
  const said = thing.statement ?? thing.text ?? (one.signOffRequest ? `Sign it as ${words.label(thing.label)}?` : null);
  const by = (thing.raiser ?? thing.asker ?? thing.requester)?.name;
  return h(
    "li",
    { key: one.id, class: one.person?.id === me ? "card mine" : "card" },
    h("p", { class: "where" }, link(`/item/${one.item.id}`, one.item.title ?? "(erased)"), ` · ${one.team.name ?? ""}`),
    h("p", { class: "said" }, link(placeOf(one), said ?? "(erased)")),
    h("p", { class: "by" }, by ? `${by} ` : null, stance(thing.stance)),
    turn(one, me),
  );
}

function placeOf(one) {
  if (one.pushback) return `/pushback/${one.pushback.id}`;
  if (one.question) return `/question/${one.question.id}`;
  return `/item/${one.item.id}`;
}

function signOffs(nodes) {
  const lines = nodes.map((one) =>
    h(
      "li",
      { key: one.id },
      link(`/item/${one.item.id}`, one.item.title ?? "(erased)"),
      h("p", { class: "by" }, `${one.signer.name} signed: ${words.label(one.label)} `, ended(one), time(one.grantedAt)),
    ),
  );
  const none = nothing("Nothing was signed yet.");
  return section("signed", "Newest sign-offs", null, lines.length ? h("ul", { class: "lines" }, lines) : none);
}

function ended(signOff) {
  return signOff.state === "LIVE" ? null : `(${words.plain(signOff.state)}) `;
}

function teams(nodes, powers) {
  const own = ownTeams({ viewer: { powers } });
  const sorted = [...nodes].sort((one, other) => own.has(other.id) - own.has(one.id));
  const lines = sorted.map((team) =>
    h(
      "li",
      { key: team.id },
      link(`/team/${team.id}`, team.name ?? "(erased)"),
      own.has(team.id) ? h("span", { class: "quiet" }, " yours") : null,
    ),
  );
  return section("teams", "Backlogs", null, h("ul", { class: "lines" }, lines));
}
