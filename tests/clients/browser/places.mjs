// Every place has an address: it opens there, and its link, sent to somebody, leads them there once they sign in.
import { act, base, person, tell } from "./people.mjs";

const { TOKEN, OTHER, item, team } = process.env;
const RAISE =
  'mutation Raise($item: ID!) { raisePushback(input: { item: $item, statement: "Nobody says why" }) { __typename ... on PushbackSuccess { subject { id } } } }';
const ASK =
  'mutation Ask($item: ID!) { askQuestion(input: { item: $item, text: "How many?" }) { __typename ... on QuestionSuccess { subject { id } } } }';

const { raisePushback } = await act(TOKEN, RAISE, { item });
const { askQuestion } = await act(TOKEN, ASK, { item });
const places = [`/team/${team}`, `/item/${item}`, `/pushback/${raisePushback.subject.id}`];
places.push(`/question/${askQuestion.subject.id}`);
const page = await person(TOKEN);
await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
const headings = [];
const links = [];
for (const place of places) {
  await page.goto(`${base}#${place}`);
  await page.waitForTimeout(700);
  headings.push(await page.locator("main h1").textContent());
  if (place.startsWith("/team/")) continue;
  await page.getByRole("button", { name: "Copy link" }).first().click();
  links.push(await page.evaluate(() => navigator.clipboard.readText()));
}
const stranger = await person(null, places[3]);
await stranger.keyboard.press("Tab");
await stranger.keyboard.type(OTHER);
await stranger.keyboard.press("Enter");
await stranger.getByRole("heading", { level: 1, name: "How many?" }).waitFor();
await stranger.locator("button[data-mutation=answerQuestion]").waitFor();
await tell({ headings, isAt: links.map((link, at) => link === `${base}#${places[at + 1]}`) });
