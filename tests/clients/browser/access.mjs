// For everybody: by keyboard alone, on a phone, with what reads the page aloud; and refusals in their own words.
import assert from "node:assert/strict";
import { act, barriers, base, button, overhang, person, send, tell, type } from "./people.mjs";

const { TOKEN, OTHER, item, team } = process.env;
const LONG = "W".repeat(300);
const RAISE =
  "mutation Raise($input: RaisePushbackInput!) { raisePushback(input: $input) { __typename ... on Refusal { message } ... on PushbackSuccess { subject { id } } } }";
const REVISE = `mutation Revise($input: ReviseItemInput!) { reviseItem(input: $input) { __typename ... on Refusal { message } } }`;
const DIGEST = "query Digest($item: ID!) { item(id: $item) { digest } }";

async function byKeyboard() {
  const page = await person(null, `/item/${item}`);
  await page.keyboard.press("Tab");
  await page.keyboard.type(TOKEN);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Export listening data" }).waitFor();
  await reach(page, () => document.activeElement.dataset.mutation === "raisePushback");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.nodeName === "TEXTAREA");
  await page.keyboard.type("Nobody says why");
  await reach(page, () => document.activeElement.type === "submit");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Nobody says why" }).waitFor();
  await page.waitForFunction(() => document.activeElement.closest("[data-acting]"));
  await reach(page, () => document.activeElement.dataset.mutation === "askQuestion");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.nodeName === "TEXTAREA");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.mutation), "askQuestion");
  return page;
}

async function reach(page, isThere) {
  for (let steps = 0; steps < 80; steps += 1) {
    if (await page.evaluate(isThere)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail("the keyboard does not lead there");
}

/** A second person's words arrive while somebody types: what they typed and the caret stay. */
async function typingIsKept(page) {
  await button(page, "askQuestion").click();
  await type(page, "Your question", "Is this ");
  await act(TOKEN, RAISE, { input: { item, statement: LONG } });
  await page.getByText(LONG).first().waitFor();
  await page.keyboard.type("still here?");
  assert.equal(await page.getByLabel("Your question", { exact: true }).inputValue(), "Is this still here?");
  await send(page);
  await page.getByRole("link", { name: "Is this still here?" }).waitFor();
}

/** What was opened is signed, and nothing that came meanwhile. */
async function staleIsRefused(page) {
  await page.goto(`${base}#/item/${item}`);
  await button(page, "grantSignOff").click();
  const {
    item: { digest },
  } = await act(OTHER, DIGEST, { item });
  await act(OTHER, REVISE, { input: { item, expectedDigest: digest, why: "So that nobody has to ask" } });
  await page.getByText("The item has changed since you opened this").waitFor();
  await send(page);
  const refusal = page.locator("form .refusal");
  await refusal.waitFor();
  const told = { code: await refusal.getAttribute("data-code"), text: await refusal.textContent() };
  await page.keyboard.press("Escape");
  return told;
}

const ACTIONS = "query Actions($on: ID!) { availableActions(on: $on) { mutation } }";

/** The buttons of everything that is shown are exactly what the API says is available. */
async function buttonsAreAvailableActions(page, token) {
  const panels = await page
    .locator("[data-acting]")
    .evaluateAll((all) =>
      all.map((one) => [
        one.dataset.acting,
        [...one.querySelectorAll("[data-mutation]")].map((each) => each.dataset.mutation),
      ]),
    );
  for (const [on, shown] of panels) {
    const { availableActions } = await act(token, ACTIONS, { on });
    assert.deepEqual(shown.sort(), availableActions.map(({ mutation }) => mutation).sort());
  }
  return panels.length;
}

const places = ["/", `/team/${team}`, `/item/${item}`];
const found = [];
const overhangs = [];
const page = await byKeyboard();
await typingIsKept(page);
const panels = await buttonsAreAvailableActions(page, TOKEN);
const refused = await staleIsRefused(page);
for (const colorScheme of ["light", "dark"]) {
  const phone = await person(OTHER, "/", {
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
    colorScheme,
  });
  for (const place of places) {
    await phone.goto(`${base}#${place}`);
    await phone.waitForFunction(() => document.querySelector("main h1") && !document.querySelector("[aria-busy]"));
    await phone.waitForTimeout(500);
    found.push(...(await barriers(phone)));
    overhangs.push(await overhang(phone));
  }
  await phone.locator("button[data-mutation=answerPushback]").first().click();
  await phone.locator("form").waitFor();
  await phone.locator("details summary").first().click();
  found.push(...(await barriers(phone)));
  overhangs.push(await overhang(phone));
}
const stranger = await person(null);
found.push(...(await barriers(stranger)));
await tell({ found, overhangs, panels, refused });
