// The fields of a form, and what was put into them.

import { h } from "../elements.js";

/** A field with its label. */
export function field(one, draft, known) {
  if (one.when && !one.when(draft)) return null;
  const id = `field-${one.name.replaceAll(" ", "-")}`;
  return h("div", { key: one.name, class: `field ${one.kind}` }, DRAWN[one.kind](one, id, draft, known));
}

const DRAWN = { text, number, flag, choice, person, select, cards, criterion };

/** What the fields hold, by name: text without what surrounds it, null where nothing was given. */
export function read(form, fields) {
  const given = new FormData(form);
  const draft = {};
  for (const one of fields) {
    const value = given.get(one.name);
    if (one.kind === "flag" || one.kind === "criterion") draft[one.name] = value !== null;
    else if (one.kind === "number") draft[one.name] = value ? Number(value) : null;
    else draft[one.name] = value?.trim() || null;
    if (one.wordsName) draft[one.wordsName] = given.get(one.wordsName)?.trim() || null;
  }
  return draft;
}

function text(one, id) {
  const given = { id, name: one.name, rows: one.isRequired ? 2 : 1, required: one.isRequired };
  return [h("label", { for: id }, one.label), h("textarea", given, one.value)];
}

function number(one, id) {
  const given = { id, name: one.name, type: "number", step: "any", required: one.isRequired };
  return [h("label", { for: id }, one.label), h("input", given)];
}

function flag(one, id) {
  return [h("input", { id, name: one.name, type: "checkbox" }), h("label", { for: id }, one.label)];
}

function choice(one, id, draft) {
  return one.options.length > 5 ? select(one, id) : cards(one, id, draft);
}

function cards(one, id, draft) {
  const chosen = draft[one.name];
  const options = one.options.map(({ value, label }, index) => {
    const given = {
      id: `${id}-${index}`,
      name: one.name,
      type: "radio",
      value,
      checked: value === chosen,
      required: one.isRequired,
    };
    return h("div", { key: value, class: "option" }, h("input", given), h("label", { for: `${id}-${index}` }, label));
  });
  return h("fieldset", {}, h("legend", {}, one.label), options);
}

function select(one, id) {
  const empty = one.empty ? [h("option", { value: "" }, one.empty)] : [];
  const options = one.options.map(({ value, label }) => h("option", { value, selected: value === one.value }, label));
  const given = { id, name: one.name, required: one.isRequired };
  return [h("label", { for: id }, one.label), h("select", given, empty, options)];
}

function person(one, id, draft, known) {
  const options = (known.people ?? []).map((person) => ({ value: person.id, label: person.name ?? "(erased)" }));
  return select({ ...one, options }, id);
}

function criterion(one, id, draft) {
  const isMet = draft[one.name];
  const evidence = one.needsEvidence ? "What shows it?" : "What shows it? (may stay empty)";
  return [
    h("input", { id, name: one.name, type: "checkbox" }),
    h("label", { for: id }, one.label),
    h("label", { for: `${id}-words`, class: "words" }, isMet ? evidence : "Tick it, or say why it need not be met"),
    h("input", { id: `${id}-words`, name: one.wordsName, type: "text", required: isMet && one.needsEvidence }),
  ];
}
