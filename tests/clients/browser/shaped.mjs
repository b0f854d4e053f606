// Commands without a form of their own: theirs is made from the schema. And a refusal says who could.
import assert from "node:assert/strict";
import { act, button, person, send, tell, type } from "./people.mjs";

const { TOKEN, DEVELOPER, MASTER, item } = process.env;
const RAISE =
  'mutation Raise($item: ID!) { raisePushback(input: { item: $item, statement: "Nobody says why" }) { __typename ... on PushbackSuccess { subject { id } } } }';

/** Opens the form of a command that stands under "More". */
async function open(page, mutation) {
  const shaped = button(page, mutation).first();
  if (!(await shaped.isVisible())) await page.locator("details").filter({ has: shaped }).locator("summary").click();
  await shaped.click();
}

const master = await person(MASTER, `/item/${item}`);
await button(master, "raisePushback").click();
await type(master, "What is wrong, in a sentence?", "It is too large");
await master.getByLabel("It blocks", { exact: false }).check();
await type(master, "What would lift it?", "Two items");
await send(master);
const refused = await master.locator("form .refusal").textContent();

const { raisePushback } = await act(TOKEN, RAISE, { item });
const place = `/pushback/${raisePushback.subject.id}`;
const architect = await person(TOKEN, place);
const developer = await person(DEVELOPER, place);
await open(developer, "joinPushback");
await send(developer);
await architect.getByText("joined the pushback").first().waitFor();
await developer.locator("form").waitFor({ state: "detached" });

await open(developer, "noteConversation");
await developer.locator("form select").selectOption({ label: "Arno" });
await developer.getByLabel(/^summary/i).fill("The regulator asks for it.");
await send(developer);
await button(architect, "confirmConversation").waitFor({ state: "attached" });
await open(architect, "confirmConversation");
await architect.getByLabel(/^conversation/i).fill("1");
await send(architect);
await architect.locator("form").waitFor({ state: "detached" });
assert.equal(await button(architect, "confirmConversation").count(), 0);
await tell({ refused });
