// What a person is asked when they act. A mutation without a form here gets one from the schema (shape.js), so that the
// buttons are always exactly what the API says is available.

import { ROUNDS } from "./rounds.js";
import { checklist, labels, readiness, signing } from "./signing.js";

const sentence = (name, label, more = {}) => ({ name, kind: "text", label, isRequired: true, ...more });
const BLOCKS = { name: "blocks", kind: "flag", label: "It blocks: nobody signs the item until this is settled" };
const LIFTS = sentence("liftsWhen", "What would lift it?", { when: (draft) => draft.blocks });

const weighed = ({ blocks, ...input }) => (blocks ? { ...input, stance: "BLOCKING" } : input);

/**
 * By mutation. `tone` is "main" for what most people come for; what has none stands under "More". `fields` says what is
 * asked, `input` makes the mutation's input of it, `needs` names what has to be fetched first.
 */
export const FORMS = {
  raisePushback: {
    label: "Push back",
    tone: "main",
    fields: () => [sentence("statement", "What is wrong, in a sentence?"), BLOCKS, LIFTS],
    input: (draft, { digest }) => ({ ...weighed(draft), expectedDigest: digest }),
  },
  answerPushback: {
    label: "Answer",
    tone: "main",
    fields: ({ item, pushback }) => [
      sentence("text", "Your answer"),
      item.revision > pushback.revision.number
        ? { name: "isFixed", kind: "flag", label: `Revision ${item.revision} of the item fixes it` }
        : null,
    ],
    input: ({ isFixed, ...input }, { item }) => (isFixed ? { ...input, fixedIn: item.currentRevision.id } : input),
  },
  settlePushback: {
    label: "Settle",
    tone: "main",
    says: "You are content with the answer. This ends the pushback for good.",
  },
  rejectAnswer: { label: "Not yet", tone: "main", fields: () => [sentence("why", "Not yet, because")] },
  concedePushback: {
    label: "Concede",
    tone: "plain",
    says: "You agree. This ends the pushback for good.",
    fields: () => [sentence("consequence", "What follows from it?")],
  },
  withdrawPushback: {
    label: "Withdraw",
    tone: "plain",
    says: "You take it back. This ends the pushback for good.",
    fields: () => [sentence("why", "Why? (may stay empty)", { isRequired: false })],
  },
  escalatePushback: {
    label: "Escalate",
    tone: "plain",
    says: "Who decides between both sides rules on it.",
    fields: () => [sentence("why", "Why can you two not settle it?")],
  },
  ruleOnEscalation: {
    label: "Rule",
    tone: "main",
    fields: () => [
      {
        name: "ruling",
        kind: "choice",
        label: "The concern is",
        isRequired: true,
        options: [
          { value: "UPHELD", label: "upheld" },
          { value: "OVERRULED", label: "overruled" },
        ],
      },
      sentence("rationale", "Why?"),
      sentence("requiredChange", "What has to change?", {
        when: (draft) => draft.ruling === "UPHELD",
        isRequired: false,
      }),
    ],
  },
  recuseFromEscalation: { label: "Recuse yourself", tone: "plain", fields: () => [sentence("why", "Why?")] },
  verifyRequiredChange: {
    label: "It is as required",
    tone: "main",
    says: "The required change was made. This ends it.",
  },
  rejectRequiredChange: { label: "Not yet", tone: "main", fields: () => [sentence("why", "Not yet, because")] },
  waiveRequiredChange: { label: "Waive the change", tone: "plain", fields: () => [sentence("why", "Why?")] },
  proposeOverride: {
    label: "Override",
    tone: "plain",
    fields: () => [
      sentence("concernRestated", "Their concern, in your words"),
      sentence("rationale", "Why go ahead anyway?"),
      sentence("notAddressed", "What of it stays unaddressed? (may stay empty)", { isRequired: false }),
      { name: "emergency", kind: "flag", label: "It cannot wait: a second person seconds it" },
    ],
  },
  confirmUnderstanding: { label: "They understood", tone: "main", says: "They put your concern as you meant it." },
  disputeUnderstanding: {
    label: "Not what I meant",
    tone: "main",
    fields: () => [sentence("text", "What did they not understand?")],
  },
  rescindOverride: { label: "Take the override back", tone: "plain", fields: () => [sentence("why", "Why?")] },
  secondEmergencyOverride: { label: "Second it", tone: "main", says: "The override takes effect at once." },
  ratifyOverride: {
    label: "Ratify",
    tone: "main",
    fields: () => [sentence("text", "Anything to add? (may stay empty)", { isRequired: false })],
  },
  ...ROUNDS,
  askQuestion: {
    label: "Ask",
    tone: "main",
    fields: () => [
      sentence("text", "Your question"),
      { name: "routedTo", kind: "person", label: "To whom?", empty: "Whoever answers for the item" },
    ],
    needs: ["people"],
  },
  answerQuestion: { label: "Answer", tone: "main", fields: () => [sentence("text", "Your answer")] },
  closeQuestion: { label: "Close", tone: "main", says: "The question is answered." },
  promoteQuestion: {
    label: "Make it a pushback",
    tone: "plain",
    fields: () => [sentence("statement", "What is wrong, in a sentence?"), BLOCKS, LIFTS],
    input: weighed,
  },
  grantSignOff: {
    label: "Sign off",
    tone: "main",
    needs: ["definitions"],
    fields: (context) => [
      ...labels(context),
      ...checklist(context),
      sentence("statement", "Anything to add? (may stay empty)", { isRequired: false }),
    ],
    input: signing,
    signs: true,
  },
  declineSignOff: {
    label: "Decline to sign",
    tone: "plain",
    fields: (context) => [
      ...labels(context),
      sentence("statement", "Why not, in a sentence?"),
      sentence("liftsWhen", "What would change that? Say it only if this is to block the item.", { isRequired: false }),
    ],
    input: (draft, { digest }) => ({ ...draft, expectedDigest: digest }),
  },
  confirmReadiness: {
    label: "Confirm a criterion of ready",
    needs: ["definitions"],
    fields: (context) => [
      criterion(context),
      sentence("evidence", "What shows it? (may stay empty)", { isRequired: false }),
    ],
    input: (draft, { digest }) => ({ ...draft, expectedDigest: digest }),
  },
  revokeReadiness: {
    label: "Take a criterion of ready back",
    needs: ["definitions"],
    fields: (context) => [criterion(context), sentence("why", "Why?")],
  },
  rankItem: {
    label: "Move in the backlog",
    needs: ["backlog"],
    fields: ({ id, backlog }) => {
      const options = backlog
        .filter((one) => one.id !== id)
        .map((one) => ({ value: one.id, label: one.title ?? "(erased)" }));
      const choice = { name: "above", kind: "select", label: "Below which item?", options, empty: "To the very top" };
      return [choice, sentence("why", "Why? (may stay empty)", { isRequired: false })];
    },
    input: ({ above, why }, { id, backlog }) => ({
      why,
      above,
      below: following(
        backlog.filter((one) => one.id !== id),
        above,
      ),
    }),
  },
};

function criterion(context) {
  const options = readiness(context);
  return { name: "criterion", kind: "select", label: "Which one?", options, isRequired: true };
}

/** The item after `above`, or the first one. */
function following(others, above) {
  return others[others.findIndex((one) => one.id === above) + 1]?.id ?? null;
}

/** The form of a mutation, if it has one of its own. */
export const formOf = (mutation) => FORMS[mutation] ?? null;
