// How things are said: the API's names in words for people, and times.

const WHAT_WAITS = {
  SUBSTANTIATE_HOLD: "to say what the concern is",
  ANSWER_PUSHBACK: "to answer",
  SETTLE_PUSHBACK: "to settle",
  REPLY_TO_OVERRIDE: "to say whether they were understood",
  STAND_BY_OVERRIDE: "to stand by the override, or not",
  RATIFY_OVERRIDE: "to ratify the override",
  RULE_ON_ESCALATION: "to rule",
  MAKE_REQUIRED_CHANGE: "to make the required change",
  VERIFY_REQUIRED_CHANGE: "to verify the required change",
  ANSWER_QUESTION: "to answer a question",
  CLOSE_QUESTION: "to close a question",
  SIGN_OFF: "to sign off",
};
const HAPPENED = {
  ItemDrafted: "wrote the item",
  ItemRevised: "revised the item",
  ItemRanked: "moved the item",
  ItemWithdrawn: "withdrew the item",
  EstimateRecorded: "estimated",
  EstimateStaled: "The estimate no longer speaks of what the item says",
  PushbackRaised: "pushed back",
  HoldSubstantiated: "said what the concern is",
  HoldExpired: "The time to say what the concern is was over",
  PushbackReasonSorted: "sorted a pushback",
  PushbackAmended: "put a pushback in other words",
  PushbackStanceChanged: "changed how much a pushback weighs",
  PushbackReassigned: "handed a pushback over",
  ConversationNoted: "noted a conversation",
  ConversationConfirmed: "confirmed the conversation",
  ConversationDisputed: "says the conversation was not so",
  PushbackJoined: "joined the pushback",
  PushbackLeft: "left the pushback",
  PushbackAnchorOutdated: "changed what a pushback points at",
  PushbackResponded: "answered",
  PushbackClaimedAddressed: "says the revision addresses it",
  PushbackVerificationRejected: "said: not yet",
  PushbackAnswered: "settled the pushback",
  PushbackSettledByRevision: "settled the pushback: the revision addresses it",
  PushbackConceded: "conceded",
  PushbackWithdrawn: "withdrew the pushback",
  PushbackMooted: "The pushback ended with the item",
  PushbackEscalated: "took it to who decides between them",
  ArbiterRecused: "is too close to it to decide",
  PushbackUpheld: "upheld the concern",
  PushbackOverruled: "overruled the concern",
  RequiredChangeMade: "made the required change",
  RequiredChangeVerified: "verified the required change",
  RequiredChangeRejected: "said of the required change: not yet",
  RequiredChangeWaived: "waived the required change",
  OverrideProposed: "goes ahead over the concern",
  UnderstandingConfirmed: "confirms that the concern was understood",
  UnderstandingDisputed: "was not understood",
  PushbackOverridden: "The override took effect",
  OverrideRescinded: "took the override back",
  OverrideRatified: "ratified the override",
  EstimationRoundOpened: "opened an estimation round",
  VoteCast: "voted",
  VoteRevealed: "A vote was revealed",
  VotesRevealed: "revealed the votes",
  RationaleGiven: "explained a vote",
  RoundConcluded: "concluded the round",
  RoundCancelled: "cancelled the round",
  RoundSuperseded: "The round ended: the item changed",
  QuestionAsked: "asked",
  QuestionAnswered: "answered the question",
  QuestionClosed: "closed the question",
  QuestionPromoted: "made a pushback of the question",
  SignOffGranted: "signed",
  SignOffRequested: "asked for a sign-off",
  SignOffDeclined: "declined to sign",
  SignOffRevoked: "took a sign-off back",
  SignOffVoided: "A sign-off ended: the item changed",
  SignOffCarriedForward: "A sign-off was carried to the new wording",
  SignOffExpired: "A sign-off expired",
  SignOffSuperseded: "A newer sign-off took its place",
  QuorumReached: "Enough people have signed",
  QuorumLost: "No longer enough people have signed",
  CommandRefused: "was refused",
  ReadinessConfirmed: "confirmed a criterion of ready",
  ReadinessRevoked: "took back a criterion of ready",
};
const LABELS = { READY: "ready", ACCEPTANCE: "accepted", ARCHITECTURE: "sound architecture" };
const OUTCOMES = {
  ANSWERED: "Settled by an answer",
  REVISED: "Settled by a revision",
  CONCEDED: "Conceded",
  WITHDRAWN: "Withdrawn",
  OVERRIDDEN: "Overridden",
  UPHELD: "Upheld by the arbiter",
  OVERRULED: "Overruled by the arbiter",
  LAPSED: "Lapsed",
  MOOT: "Ended with the item",
};
const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];
const AGO = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** What has to be done, after a name: "Magnus to settle". */
export const whatWaits = (rule) => WHAT_WAITS[rule] ?? plain(rule);

/** How a pushback ended. */
export const outcome = (name) => OUTCOMES[name] ?? plain(name);

/** What a sign-off says. */
export const label = (name) => LABELS[name] ?? plain(name);

/** What happened, after a name where somebody did it, or as a sentence of its own. */
export function happened(event) {
  const told = HAPPENED[event.kind] ?? spaced(event.kind).toLowerCase();
  if (event.kind === "PushbackRaised" && event.stance === "BLOCKING") return "pushed back, and blocks the item";
  if (event.kind === "PushbackResponded" && event.responseKind === "REQUEST_INFO") return "asked for information";
  if (event.kind === "PushbackResponded" && event.responseKind === "COUNTER_PROPOSAL") return "proposed something else";
  if (event.label) return `${told}: ${label(event.label)}`;
  if (event.kind === "CommandRefused" && event.command) return `was refused to ${event.command.replaceAll("_", " ")}`;
  if (event.kind === "RoundConcluded")
    return `${told}: ${event.agreed === null ? plain(event.outcome) : `${event.agreed} points`}`;
  if (event.points !== undefined) return `estimated ${event.points} points`;
  if (event.changedSections?.length) return `${told}: ${event.changedSections.join(", ")}`;
  return told;
}

/** Whether the words for what happened begin with who did it. */
export const hasDoer = (event) => !/^[A-Z]/.test(HAPPENED[event.kind] ?? "a");

/** What somebody said along with it. */
export const said = (event) =>
  event.statement ?? event.text ?? event.consequence ?? event.rationale ?? event.why ?? null;

/** WITH_SOMETHING as "with something". */
export const plain = (name) => name.toLowerCase().replaceAll("_", " ");

/** withSomething or WithSomething as "With something". */
export function spaced(name) {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words[0].toUpperCase() + words.slice(1);
}

/** PRODUCT_OWNER as "product owner". */
export const role = plain;

/** How long ago, roughly. */
export function ago(time) {
  const seconds = (new Date(time) - Date.now()) / 1000;
  const found = UNITS.find(([, length]) => Math.abs(seconds) >= length);
  return found ? AGO.format(Math.trunc(seconds / found[1]), found[0]) : "just now";
}

/** For how long, roughly: "3 days". */
export function since(time) {
  const told = ago(time);
  return told === "just now" || told.startsWith("yesterday")
    ? `since ${told === "just now" ? "just now" : "yesterday"}`
    : `for ${told.replace(/ ago$/, "")}`;
}

/** The exact time, where the reader is. */
export const moment = (time) => MOMENT.format(new Date(time));
