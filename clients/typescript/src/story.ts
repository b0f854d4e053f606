// The test: a query, a refusal, two people who change the same item, and a list that stays live when the line breaks.
import assert from "node:assert/strict";
import { graphql } from "./gql";
import type { PushbackLineFragment } from "./gql/graphql";
import { openPushbacks } from "./open-pushbacks";
import { rename, show } from "./rename";
import { connect, Failed } from "./wire";

const { URL = "", TOKEN = "", OTHER_TOKEN = "", TEAM: team = "" } = process.env;
const paula = connect(URL, TOKEN);
const arno = connect(URL, OTHER_TOKEN);

const Draft = graphql(`
  mutation Draft($input: DraftItemInput!) {
    draftItem(input: $input) {
      __typename
      ... on ItemSuccess { position subject { id title digest } }
      ... on Refusal { code message path }
    }
  }
`);
const Raise = graphql(`
  mutation Raise($input: RaisePushbackInput!) {
    raisePushback(input: $input) {
      __typename
      ... on PushbackSuccess { subject { id } }
      ... on Refusal { code message }
    }
  }
`);
const Concede = graphql(`
  mutation Concede($input: ConcedePushbackInput!) {
    concedePushback(input: $input) { __typename ... on Refusal { code message } }
  }
`);

const refused = (await paula.ask(Draft, { input: { team, title: "  " } })).draftItem;
assert.ok(refused.__typename === "Refusal");
assert.deepEqual([refused.code, refused.path], ["TEXT_MISSING", ["input", "title"]]);
await assert.rejects(connect(URL, "pbt_wrong").ask(Draft, { input: { team, title: "x" } }), { code: "UNAUTHENTICATED" });
assert.ok(new Failed("A", "b") instanceof Error);

const drafted = (await paula.ask(Draft, { input: { team, title: "Keep data for 90 days" } })).draftItem;
assert.ok(drafted.__typename === "ItemSuccess" && drafted.subject);
const item = drafted.subject.id;

const shown = await show(paula, item);
const elsewhere = await rename(paula, shown, "Keep data for 30 days", () => false);
assert.equal(elsewhere.__typename, "ItemSuccess");
const seen: string[] = [];
const stale = await rename(paula, shown, "Keep data", (since) => since.every(({ kind, who }) => seen.push(`${kind} ${who}`) < 0));
assert.ok(stale.__typename === "Refusal");
assert.deepEqual([stale.code, seen], ["STALE_DIGEST", ["ItemRevised Paula"]]);
const again = await rename(paula, shown, "Keep listening data", () => true);
assert.ok(again.__typename === "ItemSuccess");
assert.equal((await show(paula, item)).title, "Keep listening data");

async function raise(statement: string): Promise<string> {
  const told = (await arno.ask(Raise, { input: { item, statement } })).raisePushback;
  assert.ok(told.__typename === "PushbackSuccess" && told.subject, JSON.stringify(told));
  return told.subject.id;
}

let socket: { terminate(): void } | undefined;
paula.sockets.on("opened", (opened) => { socket = opened as typeof socket; });
const sizes: number[] = [];
let last: PushbackLineFragment[] = [];
const steps: Array<() => Promise<unknown>> = [
  () => raise("Which data?"),
  async () => { socket?.terminate(); await raise("And who reads it?"); },
  async () => {
    const first = last[0];
    assert.ok(first);
    assert.equal(first.raiser.name, "Arno");
    const told = await paula.ask(Concede, { input: { pushback: first.id, consequence: "We delete it" } });
    assert.equal(told.concedePushback.__typename, "PushbackSuccess");
  },
];
for await (last of openPushbacks(paula, team)) {
  sizes.push(last.length);
  const step = steps.shift();
  if (!step) break;
  await step();
}
assert.deepEqual(sizes, [0, 1, 2, 1]);
console.log(JSON.stringify({ sizes, seen }));
process.exit(0);
