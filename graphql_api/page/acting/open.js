// The one form that is open: what it was opened on, what was typed, and carrying it out.

import { ask } from "../api.js";
import { acting } from "../operations.js";
import { fetched } from "./available.js";
import { read } from "./fields.js";
import { formOf } from "./forms.js";
import { shapeOf, targetOf } from "./shape.js";

const CHOSEN = {
  choice: ({ value, isRequired, options }) => value ?? (isRequired ? options[0]?.value : null),
};

/** Opens a form. The digest is that of the content which is shown now: it is what will be sent. */
export async function opened(id, mutation, about) {
  const form = formOf(mutation) ?? (await shapeOf(mutation));
  const known = await fetched(form.needs ?? [], about);
  const open = {
    id,
    mutation,
    about,
    form,
    known,
    digest: about.item?.digest,
    draft: {},
    refusal: null,
    commandId: newId(),
  };
  return { ...open, draft: atFirst(fieldsOf(open)) };
}

/** What is chosen before anybody has chosen. */
function atFirst(fields) {
  return Object.fromEntries(
    fields.filter(({ kind }) => kind in CHOSEN).map((one) => [one.name, CHOSEN[one.kind](one)]),
  );
}

/** The fields that the form has now. */
export function fieldsOf(open) {
  return (open.form.fields?.(contextOf(open)) ?? []).filter(Boolean);
}

/** What the form's elements hold. */
export const drafted = (open, element) => read(element, fieldsOf(open));

/** Carries it out: null when it is done, otherwise the refusal. The same command acts once, however often it is sent. */
export async function carryOut(open, element) {
  const draft = drafted(open, element);
  const made = open.form.input ? open.form.input(draft, contextOf(open)) : draft;
  const input = { [targetOf(open.id)]: open.id, commandId: open.commandId, ...made };
  const { done } = await ask(acting(open.mutation), { input });
  if (done.__typename !== "Refusal") return null;
  open.commandId = newId();
  return done;
}

function contextOf({ id, about, known, digest }) {
  return { ...about, ...known, id, digest };
}

/** A UUID; crypto.randomUUID is not there on pages without TLS. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
