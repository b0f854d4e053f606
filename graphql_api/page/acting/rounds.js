// Estimating together: a card, or what keeps one from choosing any; hidden until all are shown.

const CANNOT = "CANNOT_ESTIMATE";
const cards = ({ round }) => round.scale.map((points) => ({ value: String(points), label: String(points) }));

/** The forms of what is done in a round. */
export const ROUNDS = {
  openRound: {
    label: "Estimate together",
    tone: "plain",
    says: "Everybody who may estimate gives a hidden vote; all are shown at once.",
    input: (draft, { digest }) => ({ expectedDigest: digest }),
  },
  castVote: {
    label: "Vote",
    tone: "main",
    fields: (context) => [
      {
        name: "card",
        kind: "cards",
        label: "Your card; nobody sees it before all are shown",
        isRequired: true,
        options: [
          ...cards(context),
          { value: CANNOT, label: "I cannot estimate it" },
          { value: "ABSTAIN", label: "I abstain" },
        ],
      },
      {
        name: "missing",
        kind: "text",
        label: "What is missing?",
        isRequired: true,
        when: ({ card }) => card === CANNOT,
      },
      { name: "why", kind: "text", label: "Why? (may stay empty)", isRequired: false },
    ],
    input: ({ card, missing, why }) => {
      const isCard = card !== CANNOT && card !== "ABSTAIN";
      return isCard ? { kind: "VALUE", points: Number(card), why } : { kind: card, missing: missing ?? null, why };
    },
  },
  revealVotes: {
    label: "Show the votes",
    tone: "main",
    fields: ({ round }) => [
      round.votedIds.length < round.electorateIds.length
        ? { name: "withoutMissing", kind: "flag", label: "Although somebody has not voted" }
        : null,
    ],
  },
  giveRationale: {
    label: "Explain your vote",
    tone: "plain",
    fields: () => [{ name: "text", kind: "text", label: "Why this card?", isRequired: true }],
  },
  concludeRound: {
    label: "Conclude",
    tone: "main",
    fields: (context) => [
      {
        name: "points",
        kind: "select",
        label: "What you agree on",
        options: cards(context),
        empty: "Whatever the votes say",
      },
    ],
    input: ({ points }) => ({ points: points === null ? null : Number(points) }),
  },
  cancelRound: {
    label: "Cancel the round",
    tone: "plain",
    fields: () => [{ name: "why", kind: "text", label: "Why?", isRequired: true }],
  },
};
