// What the page asks of the API. Each document is constant, but for those that carry out a mutation.

const EVENT = `
  position kind effectiveAt actingRole actorKind actor { id name } onBehalfOf { name }
  ... on PushbackRaised { statement liftsWhen stance }
  ... on PushbackAmended { statement liftsWhen why }
  ... on PushbackStanceChanged { stance why }
  ... on PushbackReassigned { why }
  ... on PushbackResponded { text responseKind }
  ... on PushbackClaimedAddressed { text }
  ... on PushbackVerificationRejected { why }
  ... on PushbackConceded { consequence }
  ... on PushbackWithdrawn { why }
  ... on PushbackEscalated { why }
  ... on ArbiterRecused { why }
  ... on PushbackUpheld { rationale requiredChange }
  ... on PushbackOverruled { rationale }
  ... on RequiredChangeRejected { why }
  ... on RequiredChangeWaived { why }
  ... on OverrideProposed { concernRestated rationale notAddressed isEmergency dueAt }
  ... on UnderstandingDisputed { text }
  ... on RationaleGiven { text }
  ... on RoundCancelled { why }
  ... on RoundConcluded { outcome agreed: points }
  ... on QuestionAsked { text }
  ... on QuestionAnswered { text }
  ... on SignOffGranted { statement label }
  ... on SignOffRequested { text label }
  ... on SignOffDeclined { label }
  ... on SignOffRevoked { why }
  ... on ItemRevised { changedSections changeKind }
  ... on ItemRanked { why }
  ... on ItemWithdrawn { why }
  ... on ImplementerReleased { why }
  ... on EstimateRecorded { points }
  ... on ReadinessRevoked { why }
  ... on CommandRefused { command }
`;
const TURN = "id rule since roles person { id name }";
const PUSHBACK = `
  id number stance reason state outcome statement liftsWhen raisedAt closedAt raiserRole turnSince anchors outdatedSections
  raiser { id name } holder { id name }
  waitsFor { ${TURN} }
  revision { id number }
`;
const LAST_WORDS = `
  response {
    position effectiveAt actor { name }
    ... on PushbackResponded { text } ... on PushbackClaimedAddressed { text }
  }
  rejection { position effectiveAt why actor { name } }
`;
const ROUND = `
  id number state scale electorateIds votedIds points openedAt opener { name }
  votes(first: 30) { nodes { id kind points missing why rationale voter { name } } }
`;
const QUESTION = `
  id state text askedAt endedAt
  asker { id name } routedTo { id name }
  waitsFor { ${TURN} }
  answer { text effectiveAt actor { name } }
`;
const ITEM = `
  id title status kind track digest revision points isBlocked narrative why value criteria constraints deployment
  source sourceKey trackerStatus
  author { id name } team { id name } currentRevision { id }
`;

export const HEAD = "query Head { events(last: 1) { nodes { position } } }";

export const EVENTS = `subscription News($after: Position) {
  events(after: $after) {
    position kind subjectId actingRole actor { id name }
    subject { ... on Item { id title } }
  }
}`;

const LINE = `
  ${TURN} item { id title } team { id name }
  pushback { id stance statement raiser { name } } question { id text asker { name } }
  signOffRequest { id label text requester { name } }
`;

export const HOME = `query Home {
  viewer {
    person { id name attention(first: 50) { totalCount nodes { ${LINE} } } }
    workspace { name }
    powers { role team { id } }
  }
  turns(first: 100) { totalCount pageInfo { hasNextPage } nodes { ${LINE} } }
  signOffs(first: 8) {
    nodes { id label state actingRole grantedAt signer { name } item { id title } team { name } }
  }
  teams(first: 100) { nodes { id name } }
}`;

export const OWN_TURNS = `query OwnTurns($id: ID!) {
  team(id: $id) { turns(first: 100) { nodes { ${LINE} } } }
}`;

export const TEAM = `query Team($id: ID!, $after: String) {
  viewer { person { id name } workspace { name } }
  team(id: $id) { id name }
  backlog(team: $id, first: 50, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { id title kind status points isBlocked openPushbackCount openQuestionCount author { name } }
  }
}`;

export const ITEM_PAGE = `query ItemPage($id: ID!) {
  viewer { person { id name } workspace { name } powers { power track team { id } } }
  item(id: $id) {
    ${ITEM}
    pushbacks(first: 30) { totalCount nodes { ${PUSHBACK} ${LAST_WORDS} } }
    questions(first: 30) { totalCount nodes { ${QUESTION} } }
    signOffs(first: 30) {
      nodes {
        id label state actingRole grantedAt endedAt digestSigned digestCovered statement criteria met evidence waivedWhy
        signer { name } definition { criteria texts }
      }
    }
    signOffRequests(first: 20, state: ASKED) {
      nodes { id label state text requester { name } asked { id name } waitsFor { ${TURN} } }
    }
    rounds(first: 3) { nodes { ${ROUND} } }
    history(last: 60) { totalCount nodes { ${EVENT} } }
  }
}`;

export const PUSHBACK_PAGE = `query PushbackPage($id: ID!) {
  viewer { person { id name } workspace { name } }
  pushback(id: $id) {
    ${PUSHBACK}
    events(first: 100) { nodes { ${EVENT} } }
    item { ${ITEM} }
    recurrenceOf { id statement }
    question { id text }
  }
}`;

export const QUESTION_PAGE = `query QuestionPage($id: ID!) {
  viewer { person { id name } workspace { name } }
  question(id: $id) { ${QUESTION} item { ${ITEM} } pushback { id statement } }
}`;

export const ACTIONS = "query Actions($on: ID!) { availableActions(on: $on) { mutation description } }";

export const DEFINITIONS = `query Definitions {
  definitions(state: HOLDS, first: 100) {
    nodes { id use track kind criteria texts evidenceRequired team { id } }
  }
}`;

export const PEOPLE = `query People($after: String) {
  people(first: 100, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } }
}`;

export const NEIGHBOURS = `query Neighbours($team: ID!, $track: Track!) {
  backlog(team: $team, track: $track, first: 100) { nodes { id title } }
}`;

export const SHAPE = `query Shape($name: String!) {
  __type(name: $name) {
    inputFields {
      name description defaultValue
      type { kind name enumValues { name } ofType { kind name enumValues { name } ofType { kind name ofType { name } } } }
    }
  }
}`;

/** The document that carries a mutation out; what it answers is `done`. */
export function acting(mutation) {
  const input = `${mutation[0].toUpperCase()}${mutation.slice(1)}Input`;
  return `mutation Act($input: ${input}!) {
    done: ${mutation}(input: $input) {
      __typename
      ... on Refusal {
        code message path unmet suggested current
        whoCould { roles people { name } }
        eventsSince { kind effectiveAt actor { name } }
      }
    }
  }`;
}
