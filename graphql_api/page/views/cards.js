// A pushback and a question as they stand on their item.

import { panel } from "../acting/panel.js";
import { h } from "../elements.js";
import * as words from "../words.js";
import { aside, link, stance, text, time, turn } from "./parts.js";

/** A pushback with its last words, whose turn it is, and what the reader may do. */
export function pushbackCard(one, about, page) {
  const me = about.viewer.person.id;
  const isMine = one.waitsFor?.person?.id === me;
  return h(
    "li",
    { key: one.id, class: one.waitsFor ? (isMine ? "card mine" : "card") : "card ended" },
    byline(one),
    h("p", { class: "said" }, link(`/pushback/${one.id}`, one.statement ?? "(erased)")),
    lifts(one),
    lastWords(one),
    one.waitsFor ? turn(one.waitsFor, me) : ending(one),
    panel(one.id, one.statement ?? "the pushback", page, about),
  );
}

/** A question with its answer, whose turn it is, and what the reader may do. */
export function questionCard(one, about, page) {
  const me = about.viewer.person.id;
  return h(
    "li",
    { key: one.id, class: one.waitsFor ? "card" : "card ended" },
    h(
      "p",
      { class: "by" },
      `${one.asker.name ?? "Somebody"} asked ${one.routedTo.name ?? "somebody"} `,
      time(one.askedAt),
    ),
    h("p", { class: "said" }, link(`/question/${one.id}`, one.text ?? "(erased)")),
    answer(one),
    turn(one.waitsFor, me),
    panel(one.id, one.text ?? "the question", page, about),
  );
}

/** Who pushed back, in which role, when, and how much it weighs. */
export function byline(one) {
  const who = `${one.raiser.name ?? "Somebody"}, ${words.role(one.raiserRole)}, pushed back `;
  return h("p", { class: "by" }, who, time(one.raisedAt), " ", stance(one.stance));
}

/** What would lift a block. */
export function lifts({ liftsWhen }) {
  return liftsWhen ? aside("Lifted by: ", liftsWhen) : null;
}

/** How it ended. */
export function ending(one) {
  return h(
    "p",
    { class: "turn" },
    h("strong", {}, words.outcome(one.outcome)),
    " ",
    one.closedAt ? time(one.closedAt) : null,
  );
}

/** The answer to a question. */
export function answer(one) {
  if (!one.answer) return null;
  return h(
    "blockquote",
    {},
    h("p", { class: "by" }, `${one.answer.actor?.name ?? "Somebody"} answered `, time(one.answer.effectiveAt)),
    text(one.answer.text),
  );
}

function lastWords({ response, rejection }) {
  const told = [response, rejection].filter(Boolean).sort((one, other) => one.position - other.position);
  return told.map((event) => {
    const verb = event === rejection ? "said not yet" : "answered";
    return h(
      "blockquote",
      { key: event.position },
      h("p", { class: "by" }, `${event.actor?.name ?? "Somebody"} ${verb} `, time(event.effectiveAt)),
      (event.text ?? event.why) ? h("p", { class: "text" }, event.text ?? event.why) : null,
    );
  });
}
