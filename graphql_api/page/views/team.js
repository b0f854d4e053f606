// A team's backlog, in its order.

import { ask } from "../api.js";
import { h } from "../elements.js";
import { TEAM } from "../operations.js";
import * as words from "../words.js";
import { link, nothing } from "./parts.js";

export const team = {
  async load(id, page) {
    const data = await ask(TEAM, { id });
    const all = data.backlog;
    while (data.team && all.pageInfo.hasNextPage && page.shows(id)) {
      const { backlog } = await ask(TEAM, { id, after: all.pageInfo.endCursor });
      all.nodes.push(...backlog.nodes);
      all.pageInfo = backlog.pageInfo;
    }
    return data.team && data;
  },

  title: (data) => data.team.name ?? "A team",

  show(data, page) {
    const { nodes, totalCount, pageInfo } = data.backlog;
    const more = pageInfo.hasNextPage
      ? h("button", { type: "button", class: "plain", on: { click: () => page.showAll(data.team.id) } }, "Show all")
      : null;
    return [
      h("p", { class: "where" }, link("/", "My turn")),
      h("h1", { tabindex: "-1" }, data.team.name ?? "(erased)"),
      h("p", { class: "quiet" }, `${totalCount} items in the backlog, the next one first.`),
      nodes.length ? h("ol", { class: "backlog" }, nodes.map(entry)) : nothing("The backlog is empty."),
      more,
    ];
  },
};

function entry(item) {
  const facts = [
    words.plain(item.kind),
    item.points === null ? null : `${item.points} points`,
    item.openPushbackCount
      ? `${item.openPushbackCount} open ${item.openPushbackCount === 1 ? "pushback" : "pushbacks"}`
      : null,
    item.openQuestionCount
      ? `${item.openQuestionCount} open ${item.openQuestionCount === 1 ? "question" : "questions"}`
      : null,
  ].filter(Boolean);
  return h(
    "li",
    { key: item.id },
    link(`/item/${item.id}`, item.title ?? "(erased)"),
    h(
      "p",
      { class: "by" },
      facts.join(" · "),
      " ",
      item.isBlocked ? h("span", { class: "badge blocks" }, "blocked") : null,
      item.status === "ACCEPTED" ? h("span", { class: "badge done" }, "accepted") : null,
    ),
  );
}
