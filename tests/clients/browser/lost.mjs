// A connection is lost while somebody else acts: the page says so, and shows it once the connection is back.
import assert from "node:assert/strict";
import { act, person, tell } from "./people.mjs";

const { TOKEN, OTHER, item } = process.env;
const ASK =
  "mutation Ask($input: AskQuestionInput!) { askQuestion(input: $input) { __typename ... on Refusal { message } } }";

const page = await person(OTHER, `/item/${item}`);
await page.waitForTimeout(1000);
await page.context().setOffline(true);
await page.getByText("The connection is lost").waitFor();
await act(TOKEN, ASK, { input: { item, text: "Did you see this?" } });
await page.waitForTimeout(1000);
assert.equal(await page.getByText("Did you see this?").count(), 0);
await page.context().setOffline(false);
await page.getByText("Did you see this?").first().waitFor();
await page.locator(".connection").filter({ hasNotText: "lost" }).waitFor({ state: "attached" });
await act(TOKEN, ASK, { input: { item, text: "And this?" } });
await page.getByText("And this?").first().waitFor();
await tell({ isTheSame: await page.evaluate(() => window.isTheSame) });
