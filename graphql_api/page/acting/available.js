// What the asker may do to things now, and what forms have to know beforehand.

import { ask } from "../api.js";
import { ACTIONS, DEFINITIONS, NEIGHBOURS, PEOPLE } from "../operations.js";

/** The available actions of each thing, by its id. */
export async function actionsOn(ids) {
  const found = await Promise.all(ids.map((on) => ask(ACTIONS, { on })));
  return new Map(ids.map((id, index) => [id, found[index].availableActions]));
}

const FETCHED = {
  definitions: async () => (await ask(DEFINITIONS)).definitions.nodes,
  backlog: async ({ item }) => (await ask(NEIGHBOURS, { team: item.team.id, track: item.track })).backlog.nodes,
  people: everybody,
};

/** What a form needs, by name. */
export async function fetched(needs, about) {
  const found = await Promise.all(needs.map((name) => FETCHED[name](about)));
  return Object.fromEntries(needs.map((name, index) => [name, found[index]]));
}

async function everybody() {
  const people = [];
  let after = null;
  do {
    const page = (await ask(PEOPLE, { after })).people;
    people.push(...page.nodes);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  return people.sort((one, other) => (one.name ?? "").localeCompare(other.name ?? ""));
}
