// One pushback, or one question, with its whole story: what a link in a message opens.

import { ask } from "../api.js";
import { actionsOn } from "../acting/available.js";
import { panel } from "../acting/panel.js";
import { h } from "../elements.js";
import { PUSHBACK_PAGE, QUESTION_PAGE } from "../operations.js";
import { answer, byline, ending, lifts } from "./cards.js";
import { link, section, sendable, story, time, turn } from "./parts.js";

export const pushback = {
  load: (id) => withActions(ask(PUSHBACK_PAGE, { id }), "pushback"),

  title: (data) => data.pushback.statement ?? "A pushback",

  show({ pushback: one, viewer }, page) {
    const about = { item: one.item, viewer, pushback: one };
    return [
      where(one.item, sendable(`/pushback/${one.id}`, page)),
      h("h1", { tabindex: "-1", class: "statement" }, one.statement ?? "(erased)"),
      byline(one),
      lifts(one),
      one.recurrenceOf
        ? h(
            "p",
            {},
            "It brings back ",
            link(`/pushback/${one.recurrenceOf.id}`, one.recurrenceOf.statement ?? "(erased)"),
          )
        : null,
      one.question
        ? h("p", {}, "It began as a question: ", link(`/question/${one.question.id}`, one.question.text ?? "(erased)"))
        : null,
      one.waitsFor ? turn(one.waitsFor, viewer.person.id) : ending(one),
      panel(one.id, one.statement ?? "the pushback", page, about),
      section("story", "What was said", null, story(one.events.nodes)),
    ];
  },
};

export const question = {
  load: (id) => withActions(ask(QUESTION_PAGE, { id }), "question"),

  title: (data) => data.question.text ?? "A question",

  show({ question: one, viewer }, page) {
    const about = { item: one.item, viewer, question: one };
    return [
      where(one.item, sendable(`/question/${one.id}`, page)),
      h("h1", { tabindex: "-1", class: "statement" }, one.text ?? "(erased)"),
      h(
        "p",
        { class: "by" },
        `${one.asker.name ?? "Somebody"} asked ${one.routedTo.name ?? "somebody"} `,
        time(one.askedAt),
      ),
      answer(one),
      one.pushback
        ? h(
            "p",
            {},
            "It became a pushback: ",
            link(`/pushback/${one.pushback.id}`, one.pushback.statement ?? "(erased)"),
          )
        : null,
      turn(one.waitsFor, viewer.person.id),
      panel(one.id, one.text ?? "the question", page, about),
    ];
  },
};

async function withActions(asked, name) {
  const data = await asked;
  if (!data[name]) return null;
  return { ...data, actions: await actionsOn([data[name].id]) };
}

function where(item, send) {
  return h(
    "p",
    { class: "where" },
    link(`/item/${item.id}`, item.title ?? "(erased)"),
    ` · ${item.team.name ?? ""}`,
    send,
  );
}
