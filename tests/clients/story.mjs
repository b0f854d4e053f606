// What every client goes through: a query, a refused mutation, a mutation, and events followed across lost connections.
// `wire` gives { query, mutate, follow } of one client; `follow` calls `heard` with each result and returns how to stop.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

export const WHO = "query Who { viewer { person { id name } } }";
export const DRAFT = `mutation Draft($input: DraftItemInput!) {
  draftItem(input: $input) {
    __typename
    ... on ItemSuccess { position projected subject { id title digest } }
    ... on Refusal { code message path }
  }
}`;
export const FOLLOW = "subscription Follow($after: Position) { events(after: $after) { position kind subjectId } }";
const ITEMS = 12;

export async function tell(wire, breakConnection) {
  const { team } = process.env;
  const who = await wire.query(WHO, {});
  assert.equal(who.viewer.person.name, "Paula");

  const refused = await wire.mutate(DRAFT, { input: { team, title: "   " } });
  assert.equal(refused.draftItem.__typename, "Refusal");
  assert.equal(refused.draftItem.code, "TEXT_MISSING");
  assert.deepEqual(refused.draftItem.path, ["input", "title"]);

  const commandId = randomUUID();
  const once = await wire.mutate(DRAFT, { input: { team, title: "Pay by card", commandId } });
  const again = await wire.mutate(DRAFT, { input: { team, title: "Pay by card", commandId } });
  assert.equal(again.draftItem.subject.id, once.draftItem.subject.id);

  const heard = [];
  let last = once.draftItem.position;
  const until = (count) =>
    new Promise((resolve, reject) => {
      const stop = wire.follow(FOLLOW, { after: last }, {
        next: ({ events }) => {
          heard.push(events);
          last = events.position;
          if (heard.length >= count) {
            stop();
            resolve();
          }
        },
        error: reject,
      });
    });
  const writing = (async () => {
    for (let n = 0; n < ITEMS; n += 1) await wire.mutate(DRAFT, { input: { team, title: `Item ${n}` } });
  })();
  await until(4);
  await breakConnection();
  await until(ITEMS);
  await writing;
  const positions = heard.map((event) => event.position);
  assert.deepEqual(positions, positions.map((_, index) => positions[0] + index));
  return { heard: heard.length, first: positions[0], kinds: [...new Set(heard.map((event) => event.kind))] };
}
