// Signing off exactly what is shown: under which label, and what is ticked of the definition that holds.

import { label as inWords } from "../words.js";

const LABEL_OF = { SIGN_READY: "READY", SIGN_ARCHITECTURE: "ARCHITECTURE" };
const USE_OF = { READY: "READY", ACCEPTANCE: "DONE" };

/** What the asker may sign the item as, by the powers they hold. */
export function labels({ item, viewer }) {
  const held = viewer.powers.filter(
    ({ team, track }) => (!team || team.id === item.team.id) && (!track || track === item.track),
  );
  const own = held.map(({ power }) => (power === `OWN_${item.track}_ITEMS` ? "ACCEPTANCE" : LABEL_OF[power]));
  const options = ["ACCEPTANCE", "ARCHITECTURE", "READY"].filter((name) => own.includes(name));
  const choices = options.length ? options : ["ACCEPTANCE", "ARCHITECTURE", "READY"];
  const words = choices.map((name) => ({ value: name, label: inWords(name) }));
  return [{ name: "label", kind: "choice", label: "You sign it as", options: words, isRequired: true }];
}

/** A tick and a line for each criterion of the definition that holds for a label. */
export function checklist(context) {
  return Object.entries(USE_OF).flatMap(([label, use]) => {
    const held = holding(context, use);
    return held ? held.criteria.map((id, index) => criterion(label, held, id, index)) : [];
  });
}

/** The input: what is ticked with what shows it, what is not ticked with why it need not be, what is neither left out. */
export function signing(draft, context) {
  const { label, statement } = draft;
  const held = holding(context, USE_OF[label]);
  const checks = (held?.criteria ?? []).flatMap((id) => {
    const isMet = draft[`met ${label} ${id}`];
    const words = draft[`shown ${label} ${id}`] || null;
    if (isMet) return [{ criterion: id, met: true, evidence: words }];
    return words ? [{ criterion: id, met: false, waivedWhy: words }] : [];
  });
  return { label, statement, expectedDigest: context.digest, checklist: checks.length ? checks : null };
}

function criterion(label, held, id, index) {
  return {
    kind: "criterion",
    name: `met ${label} ${id}`,
    wordsName: `shown ${label} ${id}`,
    label: held.texts?.[index] ?? id,
    needsEvidence: held.evidenceRequired[index],
    when: (draft) => draft.label === label,
  };
}

/** What the definition of ready asks for, to choose from. */
export function readiness(context) {
  const held = holding(context, "READY");
  return (held?.criteria ?? []).map((id, index) => ({ value: id, label: held.texts?.[index] ?? id }));
}

/** The narrowest definition for the item: the team's before everybody's, one for its track and kind before one for all. */
function holding({ item, definitions }, use) {
  const fits = definitions.filter(
    (one) =>
      one.use === use &&
      (!one.team || one.team.id === item.team.id) &&
      (!one.track || one.track === item.track) &&
      (!one.kind || one.kind === item.kind),
  );
  const narrowness = (one) => 4 * Boolean(one.team) + 2 * Boolean(one.track) + Boolean(one.kind);
  return fits.sort((one, other) => narrowness(other) - narrowness(one))[0] ?? null;
}
