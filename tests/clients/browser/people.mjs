// People at browsers: each in a window of their own, signed in by a link, with everything that went wrong written down.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const { CHROMIUM, URL: endpoint } = process.env;
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export const PATIENCE_MS = 20_000;
export const base = new URL("/", endpoint).href;
export const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

let typed = 0;
const complaints = [];

/** A window; `token` signs in by a link to a place, as the demo prints it. */
export async function person(token, place = "/", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
  page.on("console", (message) => {
    const isExpected = /ERR_INTERNET_DISCONNECTED|401/.test(message.text());
    if (message.type() === "error" && !isExpected) complaints.push(message.text());
  });
  page.on("request", (request) => request.url().startsWith(base) || complaints.push(`asked ${request.url()}`));
  await page.goto(token ? `${base}#token=${token}&at=${place}` : `${base}#${place}`);
  if (token) await page.waitForSelector("main h1");
  else await page.waitForURL(/sign-in/);
  if (token) assert.equal(page.url(), `${base}#${place}`, "the token stands in the address");
  await page.evaluate(() => (window.isTheSame = true));
  return page;
}

/** Types into the field with this label, as a person does. */
export async function type(page, label, text) {
  typed += 1;
  await page.getByLabel(label, { exact: true }).pressSequentially(text);
}

/** Sends the form that is open. */
export const send = (page) => page.locator("form button[type=submit]").click();

/** The button for a mutation, on whatever is shown. */
export const button = (page, mutation) => page.locator(`button[data-mutation=${mutation}]`);

/** Acts through the API, as any program would. */
export async function act(token, query, variables) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const answer = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  const refused = Object.values(data).filter((told) => told.__typename === "Refusal");
  assert.deepEqual(refused, []);
  return data;
}

/** What axe finds that keeps people out. */
export async function barriers(page) {
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

/** How far the page can be scrolled sideways. */
export const overhang = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** Ends it all and prints what there is to tell. */
export async function tell(told) {
  await browser.close();
  console.log(JSON.stringify({ ...told, typed, complaints }));
}
