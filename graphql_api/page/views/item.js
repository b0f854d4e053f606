// An item with everything on it: what it says, what stands against it, who signed, and its story.

import { ask } from "../api.js";
import { actionsOn } from "../acting/available.js";
import { panel } from "../acting/panel.js";
import { h } from "../elements.js";
import { ITEM_PAGE } from "../operations.js";
import * as words from "../words.js";
import { estimation, isGoingOn } from "./rounds.js";
import { pushbackCard, questionCard } from "./cards.js";
import { link, nothing, section, sendable, story, time, turn } from "./parts.js";

const SECTIONS = [
  ["narrative", "Story"],
  ["why", "Why"],
  ["value", "Value"],
  ["constraints", "Constraints"],
  ["deployment", "Deployment"],
];

export const item = {
  async load(id) {
    const data = await ask(ITEM_PAGE, { id });
    if (!data.item) return null;
    const { pushbacks, questions, rounds, signOffs, signOffRequests } = data.item;
    const open = [
      id,
      ...[...pushbacks.nodes, ...questions.nodes].filter((one) => one.waitsFor).map((one) => one.id),
      ...signOffs.nodes.filter((one) => one.state === "LIVE").map((one) => one.id),
      ...signOffRequests.nodes.map((one) => one.id),
      ...rounds.nodes.filter(isGoingOn).map((one) => one.id),
    ];
    return { ...data, actions: await actionsOn(open) };
  },

  title: (data) => data.item.title ?? "An item",

  show(data, page) {
    const { item: shown, viewer } = data;
    const about = { item: shown, viewer };
    return [
      heading(shown, page),
      panel(shown.id, shown.title ?? "the item", page, about),
      h(
        "div",
        { class: "columns" },
        h("div", {}, estimation(data, page), disagreements(data, page), questions(data, page)),
        h("div", { class: "side" }, content(shown), signOffs(data, page)),
      ),
      section("story", "Story", shown.history.totalCount, story(shown.history.nodes)),
    ];
  },
};

function heading(shown, page) {
  const facts = [
    words.plain(shown.kind),
    words.plain(shown.track),
    shown.points === null ? null : `${shown.points} points`,
    `revision ${shown.revision}`,
  ];
  return h(
    "div",
    { class: "heading" },
    h(
      "p",
      { class: "where" },
      link(`/team/${shown.team.id}`, shown.team.name ?? "(erased)"),
      sendable(`/item/${shown.id}`, page),
    ),
    h("h1", { tabindex: "-1" }, shown.title ?? "(erased)"),
    h(
      "p",
      { class: "by" },
      shown.isBlocked ? h("span", { class: "badge blocks" }, "blocked") : null,
      shown.status === "OPEN" ? null : h("span", { class: "badge done" }, words.plain(shown.status)),
      " ",
      facts.filter(Boolean).join(" · "),
      shown.author ? ` · by ${shown.author.name ?? "(erased)"}` : null,
      shown.source ? ` · ${shown.sourceKey} in ${shown.source}, ${shown.trackerStatus ?? ""}` : null,
    ),
  );
}

function content(shown) {
  const parts = SECTIONS.filter(([name]) => shown[name]).map(([name, title]) => [
    h("dt", { key: `dt-${name}` }, title),
    h("dd", { key: name, class: "text" }, shown[name]),
  ]);
  const criteria = shown.criteria?.length
    ? [
        h("dt", {}, "Acceptance criteria"),
        h(
          "dd",
          {},
          h(
            "ol",
            {},
            shown.criteria.map((one) => h("li", { class: "text" }, one)),
          ),
        ),
      ]
    : [];
  const all = [...parts, ...criteria];
  return section("says", "What it says", null, all.length ? h("dl", {}, all) : nothing("Only its title, so far."));
}

function disagreements({ item: shown, viewer }, page) {
  const { nodes, totalCount } = shown.pushbacks;
  const open = nodes.filter((one) => one.waitsFor);
  const closed = nodes.filter((one) => !one.waitsFor);
  const draw = (one) => pushbackCard(one, { item: shown, viewer, pushback: one }, page);
  return section(
    "pushbacks",
    "Pushbacks",
    totalCount,
    nodes.length ? h("ul", { class: "cards" }, [...open, ...closed].map(draw)) : nothing("Nobody has pushed back."),
  );
}

function questions({ item: shown, viewer }, page) {
  const { nodes, totalCount } = shown.questions;
  if (nodes.length === 0) return null;
  const draw = (one) => questionCard(one, { item: shown, viewer, question: one }, page);
  return section("questions", "Questions", totalCount, h("ul", { class: "cards" }, nodes.map(draw)));
}

function signOffs({ item: shown, viewer }, page) {
  const asked = shown.signOffRequests.nodes.map((one) =>
    h(
      "li",
      { key: one.id },
      h(
        "p",
        {},
        `${one.requester.name ?? "Somebody"} asks ${one.asked.name ?? "somebody"} to sign: ${words.label(one.label)}`,
      ),
      turn(one.waitsFor, viewer.person.id),
      panel(one.id, "the request", page, { item: shown, viewer }),
    ),
  );
  const given = shown.signOffs.nodes.map((one) => signed(one, shown, viewer, page));
  const all = [...asked, ...given];
  return section(
    "signed",
    "Sign-offs",
    null,
    all.length ? h("ul", { class: "lines" }, all) : nothing("Nobody has signed."),
  );
}

function signed(one, shown, viewer, page) {
  const isCarried = one.digestCovered !== one.digestSigned;
  return h(
    "li",
    { key: one.id, class: one.state === "LIVE" ? "" : "ended" },
    h(
      "p",
      {},
      h("strong", {}, one.signer.name ?? "Somebody"),
      ` signed as ${words.role(one.actingRole)}: ${words.label(one.label)} `,
      one.state === "LIVE"
        ? h("span", { class: "badge done" }, "live")
        : h("span", { class: "badge" }, words.plain(one.state)),
    ),
    h(
      "p",
      { class: "by" },
      time(one.grantedAt),
      " · saw ",
      h("code", { title: one.digestSigned }, one.digestSigned.slice(0, 12)),
      isCarried ? ", carried to a new wording" : "",
    ),
    one.statement ? h("p", { class: "text" }, one.statement) : null,
    ticks(one),
    panel(one.id, "the sign-off", page, { item: shown, viewer }),
  );
}

function ticks({ criteria, met, evidence, waivedWhy, definition }) {
  if (criteria.length === 0) return null;
  const name = (id) => definition?.texts?.[definition.criteria.indexOf(id)] ?? id;
  const told = (index) =>
    [evidence?.[index], waivedWhy?.[index] && `waived: ${waivedWhy[index]}`].filter(Boolean).join(" ");
  return h(
    "ul",
    { class: "ticks" },
    criteria.map((id, index) =>
      h("li", {}, met[index] ? "✓ " : "– ", name(id), told(index) ? ` (${told(index)})` : ""),
    ),
  );
}
