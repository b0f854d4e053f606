// A live list of a team's open pushbacks.
import { graphql } from "./gql";
import type { PushbackLineFragment } from "./gql/graphql";
import type { Wire } from "./wire";

export const PushbackLine = graphql(`
  fragment PushbackLine on Pushback {
    id
    state
    stance
    statement
    raiser { name }
    turn { name }
    item { id title }
  }
`);

const OpenPushbacks = graphql(`
  query OpenPushbacks($team: ID!) {
    raised: pushbacks(team: $team, state: OPEN, first: 100) { nodes { ...PushbackLine } }
    answered: pushbacks(team: $team, state: RESPONDED, first: 100) { nodes { ...PushbackLine } }
    fixed: pushbacks(team: $team, state: AWAITING_VERIFICATION, first: 100) { nodes { ...PushbackLine } }
    overridden: pushbacks(team: $team, state: OVERRIDE_PENDING, first: 100) { nodes { ...PushbackLine } }
    events(last: 1) { nodes { position } }
  }
`);

const PushbackChanges = graphql(`
  subscription PushbackChanges($team: ID!, $after: Position!) {
    pushbackChanged(team: $team, after: $after) {
      position
      pushback { ...PushbackLine }
    }
  }
`);

/** The list as it is now, and again after each change. */
export async function* openPushbacks(wire: Wire, team: string): AsyncGenerator<PushbackLineFragment[]> {
  const now = await wire.ask(OpenPushbacks, { team });
  const all = [now.raised, now.answered, now.fixed, now.overridden].flatMap((connection) => connection.nodes);
  const open = new Map(all.map((pushback) => [pushback.id, pushback]));
  yield [...open.values()];

  const position = now.events.nodes[0]?.position ?? 0; // all parts of a query are read as of one position
  const changes = wire.follow(PushbackChanges, { team }, position, (told) => told.pushbackChanged.position);
  for await (const { pushbackChanged: { pushback } } of changes) {
    if (!pushback) continue;
    if (pushback.state === "CLOSED") open.delete(pushback.id);
    else open.set(pushback.id, pushback);
    yield [...open.values()];
  }
}
