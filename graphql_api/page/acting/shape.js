// A form for a mutation that has none of its own, made of what the schema says its input is.

import { ask } from "../api.js";
import { SHAPE } from "../operations.js";
import { plain, spaced } from "../words.js";

const TARGETS = {
  itm: "item",
  pbk: "pushback",
  qst: "question",
  sof: "signOff",
  srq: "signOffRequest",
  tem: "team",
  rnd: "round",
};
const NUMBERS = new Set(["Int", "Float"]);
const KNOWN = new Set(["commandId", "expectedDigest"]);
const shapes = new Map();

/** The argument that names what something is done to. */
export const targetOf = (id) => TARGETS[id.slice(0, 3)] ?? "id";

/** The form; it is asked for once. */
export async function shapeOf(mutation) {
  const name = `${mutation[0].toUpperCase()}${mutation.slice(1)}Input`;
  if (!shapes.has(mutation)) shapes.set(mutation, (await ask(SHAPE, { name })).__type.inputFields);
  const inputs = shapes.get(mutation);
  return {
    label: spaced(mutation),
    tone: null,
    needs: ["people", "backlog"],
    fields: (context) => inputs.filter((input) => isAsked(input, context)).map((input) => field(input, context)),
    input: (draft, context) => made(inputs, draft, context),
  };
}

/** Lists of choices are nothing that one has to say. */
function isAsked({ name, type: told }, { id }) {
  const { type, isList } = unwrapped(told);
  return name !== targetOf(id) && !KNOWN.has(name) && !(isList && type.enumValues);
}

function field(input, { item, backlog }) {
  const { type, isRequired, isList } = unwrapped(input.type);
  const known = item?.[input.name];
  const label = `${spaced(input.name)}: ${input.description}`;
  const told = { name: input.name, label, isRequired: isRequired && input.defaultValue === null };
  if (type.enumValues && !isList) {
    const options = type.enumValues.map(({ name }) => ({ value: name, label: plain(name) }));
    return { ...told, kind: "choice", options, value: input.defaultValue };
  }
  if (type.name === "Boolean") return { ...told, kind: "flag" };
  if (NUMBERS.has(type.name)) return { ...told, kind: "number" };
  if (type.name === "ID" && isPerson(input)) return { ...told, kind: "person", empty: "nobody named" };
  if (type.name === "ID" && isItem(input)) {
    const options = backlog
      .filter((one) => one.id !== item.id)
      .map((one) => ({ value: one.id, label: one.title ?? "(erased)" }));
    return { ...told, kind: "select", options, empty: "none chosen" };
  }
  const value = Array.isArray(known) ? known.join("\n") : known;
  return { ...told, kind: "text", value, isList, label: isList ? `${label} One a line.` : label };
}

const isItem = ({ description }) => /^the item\b/i.test(description ?? "");

function isPerson({ name, description }) {
  return /person/i.test(name) || /^whom?\b/i.test(description ?? "");
}

function unwrapped(type) {
  const isRequired = type.kind === "NON_NULL";
  const given = isRequired ? type.ofType : type;
  const isList = given.kind === "LIST";
  return { isRequired, isList, type: isList ? (given.ofType.ofType ?? given.ofType) : given };
}

/** What was left empty, or as it was, is left out. */
function made(inputs, draft, { item, digest }) {
  const input = {};
  for (const { name, type } of inputs) {
    const { isList } = unwrapped(type);
    if (name === "expectedDigest") input[name] = digest;
    const given = draft[name];
    if (given === undefined || given === null || given === false) continue;
    const value = isList
      ? given
          .split("\n")
          .map((line) => line.trim())
          .filter(Boolean)
      : given;
    if (JSON.stringify(value) !== JSON.stringify(item?.[name])) input[name] = value;
  }
  return input;
}
