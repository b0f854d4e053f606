// What somebody may do to a thing now: a button for each available action, and the form of the one that was chosen.

import { h } from "../elements.js";
import * as words from "../words.js";
import { field } from "./fields.js";
import { formOf } from "./forms.js";
import { fieldsOf } from "./open.js";
import { refusalOf } from "./refusal.js";

/** Buttons for a thing that is shown, and the open form. `about` is what its forms have to know. */
export function panel(id, name, page, about) {
  const available = page.actions(id);
  if (available.length === 0) return null;
  const open = page.open?.id === id ? page.open : null;
  if (open) open.about = about;
  const acting = (action) => button(action, id, page, about, open);
  const isMain = ({ mutation }) => formOf(mutation)?.tone;
  const rest = available.filter((action) => !isMain(action));
  return h(
    "div",
    {
      class: "acting",
      key: `acting-${id}`,
      "data-acting": id,
      role: "group",
      "aria-label": `What you can do: ${name}`,
    },
    h("div", { class: "buttons" }, inOrder(available.filter(isMain)).map(acting), more(rest.map(acting), open, rest)),
    open ? form(open, page) : null,
  );
}

function inOrder(actions) {
  const rank = { main: 0, plain: 1 };
  return [...actions].sort((one, other) => rank[formOf(one.mutation).tone] - rank[formOf(other.mutation).tone]);
}

function more(buttons, open, rest) {
  if (buttons.length === 0) return null;
  const isShown = rest.some(({ mutation }) => mutation === open?.mutation);
  return h(
    "details",
    { key: "more", open: isShown },
    h("summary", {}, "More"),
    h("div", { class: "buttons" }, buttons),
  );
}

function button({ mutation, description }, id, page, about, open) {
  const own = formOf(mutation);
  const isOpen = open?.mutation === mutation;
  const given = {
    key: mutation,
    type: "button",
    class: own?.tone ?? "plain",
    "data-mutation": mutation,
    "aria-expanded": String(isOpen),
    title: description.split("\n")[0].replaceAll("`", ""),
    on: { click: () => (isOpen ? page.cancel() : page.begin(id, mutation, about)) },
  };
  return h("button", given, own?.label ?? words.spaced(mutation));
}

function form(open, page) {
  const { about, draft, form: own } = open;
  const isStale = about.item.digest !== open.digest;
  return h(
    "form",
    {
      key: `${open.id} ${open.mutation}`,
      autocomplete: "off",
      on: {
        submit: (event) => {
          event.preventDefault();
          page.act(event.currentTarget);
        },
        input: (event) => page.drafting(event.currentTarget),
        keydown: (event) => {
          if (event.key === "Escape") page.cancel();
        },
      },
    },
    own.says ? h("p", {}, own.says) : null,
    own.signs ? signs(open) : null,
    isStale
      ? h("p", { class: "warning" }, "The item has changed since you opened this. Read it again, then reopen.")
      : null,
    fieldsOf(open).map((one) => field(one, draft, open.known)),
    refusalOf(open.refusal),
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "submit", class: "main", disabled: open.isBusy }, own.label),
      h("button", { type: "button", class: "plain", on: { click: () => page.cancel() } }, "Cancel"),
    ),
  );
}

function signs({ about, digest }) {
  const told = `You sign exactly what is shown here: revision ${about.item.revision}, `;
  return h("p", {}, told, h("code", { title: digest }, digest.slice(0, 12)), ".");
}
