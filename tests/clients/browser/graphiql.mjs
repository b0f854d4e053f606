// GraphiQL opens without other network, runs a query, and follows a subscription.
import { act, base, person, tell } from "./people.mjs";

const { TOKEN, team } = process.env;
const DRAFT =
  "mutation Draft($input: DraftItemInput!) { draftItem(input: $input) { __typename ... on Refusal { message } } }";

const page = await person(TOKEN);
await page.goto(`${base}graphiql`);
const run = page.locator(".graphiql-execute-button");
const response = page.locator(".graphiql-response");
await run.waitFor();
const address = page.url();
const tabs = await page.getByRole("tab").allTextContents();
await run.click();
await response.getByText("Paula").waitFor();
await page.getByRole("tab", { name: "Events" }).click();
await page.locator(".graphiql-query-editor").getByText("subscription").waitFor();
await page.waitForTimeout(500);
await run.click();
await page.waitForTimeout(1500);
await act(TOKEN, DRAFT, { input: { team, title: "Followed" } });
await response.getByText("ItemDrafted").waitFor();
await tell({ address, tabs });
