// A refusal in the rules' own words: why, what is missing, who could, and what to do instead.

import { h } from "../elements.js";
import * as words from "../words.js";

const PLACES = { pbk: "pushback", qst: "question", itm: "item" };

/** The box that says so, or null. */
export function refusalOf(refusal) {
  if (!refusal) return null;
  const { message, unmet, whoCould, suggested, eventsSince } = refusal;
  const people = whoCould.people.map(({ name }) => name ?? "(erased)").join(", ");
  const roles = whoCould.roles.map(words.role).join(" or ");
  return h(
    "div",
    { class: "refusal", role: "alert", "data-code": refusal.code, key: "refusal" },
    h("p", {}, h("strong", {}, message)),
    unmet.length
      ? h(
          "p",
          {},
          "Unmet: ",
          unmet.map((one, index) => [index ? ", " : "", missing(one)]),
        )
      : null,
    people || roles ? h("p", {}, "Who could: ", people && roles ? `${people} (${roles})` : people || roles) : null,
    suggested.length ? h("p", {}, "Instead: ", suggested.map(words.spaced).join(", ")) : null,
    eventsSince.length ? h("ul", {}, eventsSince.map(since)) : null,
  );
}

function missing(one) {
  const place = PLACES[one.slice(0, 3)];
  const isId = place && /^[a-z]{3}_[0-9a-z]{26}(_\d+)?$/.test(one);
  return isId ? h("a", { href: `#/${place}/${one}` }, `this ${place}`) : words.plain(one);
}

function since(event) {
  return h(
    "li",
    {},
    words.hasDoer(event) ? `${event.actor?.name ?? "Somebody"} ` : "",
    words.happened(event),
    " ",
    words.ago(event.effectiveAt),
  );
}
