// Pieces that several views show.

import { h } from "../elements.js";
import * as words from "../words.js";

/** A heading with what stands under it. */
export function section(id, title, count, ...children) {
  const counted = count === null ? null : h("span", { class: "count" }, count);
  return h("section", { "aria-labelledby": id, key: id }, h("h2", { id }, title, " ", counted), children);
}

/** A time that says roughly when, and exactly when asked. */
export function time(at, tell = words.ago) {
  return h("time", { datetime: at, title: words.moment(at) }, tell(at));
}

/** Whether it blocks. */
export function stance(name) {
  return name === "BLOCKING" ? h("span", { class: "badge blocks" }, "blocks") : null;
}

/** A link inside the page. */
export function link(place, ...children) {
  return h("a", { href: `#${place}` }, children);
}

/** What stands where there is nothing. */
export function nothing(text) {
  return h("p", { class: "quiet" }, text);
}

/** A text that somebody wrote, or that it was erased. */
export function text(written, given = {}) {
  return written === null ? h("p", { class: "quiet" }, "(erased)") : h("p", { class: "text", ...given }, written);
}

/** Whose turn it is, to do what, and since when. */
export function turn(waitsFor, me) {
  if (!waitsFor) return null;
  const isMine = waitsFor.person?.id === me;
  const whose = isMine ? "Your turn" : (waitsFor.person?.name ?? waitsFor.roles.map(words.role).join(" or "));
  return h(
    "p",
    { class: isMine ? "turn mine" : "turn" },
    h("strong", {}, whose),
    ` ${words.whatWaits(waitsFor.rule)}, `,
    time(waitsFor.since, words.since),
  );
}

/** A button that copies the address of a thing, to be sent to somebody. */
export function sendable(place, page) {
  const address = new URL(`#${place}`, document.baseURI).href;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      page.announce("The link is copied. Whoever opens it signs in and sees what they can do.");
    } catch {
      page.announce(`This is the link: ${address}`);
    }
  };
  return h("button", { type: "button", class: "copy", on: { click: copy } }, "Copy link");
}

/** What happened, oldest first. */
export function story(events) {
  return h(
    "ol",
    { class: "story" },
    events.map((event) => h("li", { key: event.position }, happening(event))),
  );
}

function happening(event) {
  const who = words.hasDoer(event)
    ? [h("strong", {}, event.actor?.name ?? (event.actorKind === "SYSTEM" ? "Pushback" : "Somebody")), " "]
    : [];
  const behalf = event.onBehalfOf ? ` on behalf of ${event.onBehalfOf.name}` : "";
  const spoken = words.said(event);
  return [
    h("p", { class: "doing" }, who, words.happened(event), behalf, " ", time(event.effectiveAt)),
    event.concernRestated ? aside("The concern, restated: ", event.concernRestated) : null,
    spoken ? h("p", { class: "text" }, spoken) : null,
    event.notAddressed ? aside("Not addressed: ", event.notAddressed) : null,
    event.requiredChange ? aside("Required change: ", event.requiredChange) : null,
    event.liftsWhen ? aside("Lifted by: ", event.liftsWhen) : null,
  ];
}

/** A text with what it is, in front of it. */
export function aside(what, written) {
  return h("p", { class: "lifts" }, h("span", {}, what), written);
}
