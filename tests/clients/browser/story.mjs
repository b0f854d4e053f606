// Two people in two browsers: one raises a block, the other answers, the first settles and signs. Nobody reloads.
import assert from "node:assert/strict";
import { act, button, person, send, tell, type } from "./people.mjs";

const { TOKEN, OTHER, item } = process.env;
const MARKUP = "<img src=x onerror=alert(1)><b>How many</b> a day?";

const architect = await person(TOKEN, `/item/${item}`);
const owner = await person(OTHER);
await owner.getByText("Nothing waits for you.").waitFor();
await owner.evaluate((statement) => {
  window.seen = new Promise((resolve) => {
    const look = () =>
      document.querySelector("#mine")?.parentElement.textContent.includes(statement) && resolve(Date.now());
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}, MARKUP);

await button(architect, "raisePushback").click();
await type(architect, "What is wrong, in a sentence?", MARKUP);
await architect.getByLabel("It blocks", { exact: false }).check();
await type(architect, "What would lift it?", "Volumes per country");
await architect.evaluate(() => addEventListener("submit", () => (window.sent = Date.now()), true));
await send(architect);
const delay = (await owner.evaluate(() => window.seen)) - (await architect.evaluate(() => window.sent));

await owner.getByRole("link", { name: MARKUP }).click();
await owner.getByRole("heading", { level: 1, name: MARKUP }).waitFor();
const place = new URL(owner.url()).hash;
assert.match(place, /^#\/pushback\/pbk_/);
for (const window of [owner, architect]) assert.equal(await window.locator("img, b").count(), 0);
assert.equal(await button(owner, "settlePushback").count(), 0);
await button(owner, "answerPushback").click();
await type(owner, "Your answer", "300 in Norway, 40 elsewhere");
await send(owner);

await architect.getByText("300 in Norway, 40 elsewhere").first().waitFor();
const news = await architect.locator("#news").textContent();
await architect.getByText("Your turn").waitFor();
assert.equal(await button(architect, "grantSignOff").count(), 0);
await button(architect, "settlePushback").click();
await send(architect);
await owner.getByText("Settled by an answer").waitFor();

await button(architect, "grantSignOff").click();
await architect.getByText("You sign exactly what is shown here").waitFor();
await send(architect);
await architect.getByText("signed as architect: sound architecture").waitFor();
await owner.goto(owner.url().replace(/#.*/, "#/"));
await owner.getByText("signed: sound architecture").waitFor();

const REVOKED =
  "query Signed($item: ID!) { item(id: $item) { isBlocked signOffs(first: 9) { nodes { label state } } } }";
const told = await act(TOKEN, REVOKED, { item });
const isTheSame = (await architect.evaluate(() => window.isTheSame)) && (await owner.evaluate(() => window.isTheSame));
await tell({ delay, news, isTheSame, ...told });
