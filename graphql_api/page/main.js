// The page: where one is, what is shown there, and keeping it as it is now.

import { carryOut, drafted, opened } from "./acting/open.js";
import { ask, SignedOut, Unreachable } from "./api.js";
import { h, patch } from "./elements.js";
import { follow } from "./live.js";
import { HEAD } from "./operations.js";
import * as session from "./session.js";
import { home } from "./views/home.js";
import { item } from "./views/item.js";
import { team } from "./views/team.js";
import { pushback, question } from "./views/thing.js";
import * as words from "./words.js";

const VIEWS = { "": home, item, pushback, question, team };
const NEWS_MS = 8000;
const MINUTE_MS = 60_000;
const RETRY_MS = 2000;

const shell = document.getElementById("shell");
const news = document.getElementById("news");
const everything = new Set();
let shown = null;
let complaint = null;
let isUnheard = false;
let isUnreachable = false;
let hasEntered = false;
let refreshing = null;
let isStale = false;
let newsTimer = 0;

/** What views and forms ask of the page. */
const page = {
  open: null,

  actions: (id) => shown?.data?.actions?.get(id) ?? [],

  shows: (name) => everything.has(name),

  showAll(name) {
    everything.add(name);
    refresh();
  },

  announce(text) {
    clearTimeout(newsTimer);
    news.textContent = text;
    newsTimer = setTimeout(() => (news.textContent = ""), NEWS_MS);
  },

  async begin(id, mutation, about) {
    page.open = (await attempt(() => opened(id, mutation, about))) ?? null;
    render();
    focusIn(id, "form textarea, form input, form select, form button");
  },

  cancel() {
    const { id, mutation } = page.open;
    page.open = null;
    render();
    focusIn(id, `button[data-mutation="${mutation}"]`);
  },

  drafting(element) {
    page.open.draft = drafted(page.open, element);
    render();
  },

  async act(element) {
    const { open } = page;
    if (open.isBusy) return;
    open.isBusy = true;
    render();
    try {
      open.refusal = await carryOut(open, element);
    } catch (error) {
      if (error instanceof SignedOut) return session.goToSignIn();
      open.refusal = {
        message: error.message,
        unmet: [],
        suggested: [],
        eventsSince: [],
        whoCould: { people: [], roles: [] },
      };
    } finally {
      open.isBusy = false;
    }
    if (open.refusal === null) acted(open);
    await refresh();
    if (open.refusal === null) focusIn(open.id, "button") || shell.querySelector("h1")?.focus();
  },
};

function acted(open) {
  page.open = null;
  page.announce(`Done: ${open.form.label.toLowerCase()}.`);
}

function focusIn(id, selector) {
  const found = shell.querySelector(`[data-acting="${CSS.escape(id)}"]`)?.querySelector(selector);
  found?.focus();
  return Boolean(found);
}

function here() {
  const [, name = "", id = null] = location.hash.replace(/^#/, "").split("/");
  return { name, id, place: `${name}/${id ?? ""}` };
}

/** Loads what belongs here and shows it; another call meanwhile makes it load once more, so the last state wins. */
async function refresh() {
  isStale = true;
  refreshing ??= (async () => {
    while (isStale) {
      isStale = false;
      await attempt(load);
    }
    if (isUnreachable) setTimeout(refresh, RETRY_MS);
  })().finally(() => (refreshing = null));
  await refreshing;
}

async function load() {
  const { name, id, place } = here();
  const view = VIEWS[name];
  const data = view ? await view.load(id, page) : null;
  if (here().place !== place) return;
  if (isSomebodyElse(data)) return location.reload();
  const isNew = shown?.place !== place;
  const isFirst = shown === null;
  shown = { place, view, data };
  if (isNew) page.open = null;
  render();
  if (isNew) scrollTo(0, 0);
  if (isNew && !isFirst) shell.querySelector("h1")?.focus({ preventScroll: true });
}

/** In another window of this browser somebody else has signed in: nothing of the first one's stays. */
function isSomebodyElse(data) {
  const [before, now] = [shown?.data, data].map((told) => told?.viewer.person.id);
  return before !== undefined && now !== undefined && before !== now;
}

/** What it gives, or undefined with the reason shown. */
async function attempt(action) {
  try {
    const result = await action();
    complaint = null;
    isUnreachable = false;
    return result;
  } catch (error) {
    if (error instanceof SignedOut) return session.goToSignIn();
    complaint = error.message;
    isUnreachable = error instanceof Unreachable;
    render();
    return undefined;
  }
}

function render() {
  document.title = shown?.data ? `${shown.view.title(shown.data)} · Pushback` : "Pushback";
  patch(shell, h("div", { id: "shell" }, inside()));
}

function inside() {
  const viewer = shown?.data?.viewer;
  return [
    h(
      "header",
      { key: "header" },
      h("a", { class: "brand", href: "#/" }, "Pushback"),
      h("span", { class: "workspace" }, viewer?.workspace.name ?? ""),
      h(
        "nav",
        { "aria-label": "Main" },
        h("a", { href: "#/", "aria-current": here().name ? null : "page" }, "My turn"),
        h("a", { href: "graphiql" }, "GraphiQL"),
      ),
      h("span", { class: "who" }, viewer?.person.name ?? ""),
      h("button", { type: "button", class: "plain", on: { click: session.signOut } }, "Sign out"),
    ),
    h(
      "p",
      { class: "connection", role: "status", key: "connection" },
      isOffline() ? "The connection is lost. What you see may be old; trying again…" : null,
    ),
    h("main", { id: "main", tabindex: "-1", "aria-busy": shown === null ? "true" : null, key: "main" }, content()),
  ];
}

function content() {
  const trouble =
    complaint && !isOffline() ? h("p", { class: "refusal", role: "alert", key: "trouble" }, complaint) : null;
  if (shown === null) return [trouble ?? h("p", { class: "quiet" }, "Loading…")];
  const { view, data, place } = shown;
  const body = data ? view.show(data, page) : missing();
  return [trouble, h("div", { class: "view", key: place }, body)];
}

function isOffline() {
  return isUnheard || isUnreachable;
}

function missing() {
  return [
    h("h1", { tabindex: "-1" }, "There is nothing here"),
    h(
      "p",
      {},
      "Either nothing has this address, or it belongs to another workspace. ",
      h("a", { href: "#/" }, "See what waits for you"),
      ".",
    ),
  ];
}

/** Where the ledger is comes first, so that nothing is missed between what is loaded and what is followed. */
async function begin() {
  render();
  const head = await attempt(() => ask(HEAD));
  if (!head) {
    if (isUnreachable) setTimeout(begin, RETRY_MS);
    return;
  }
  const last = head.events.nodes[0]?.position ?? 0;
  follow(last, { event: heard, online, offline, signedOut: session.goToSignIn });
  await refresh();
}

function heard(event) {
  const isOwn = event.actor?.id === shown?.data?.viewer.person.id;
  if (!isOwn && event.subject.title && event.kind !== "CommandRefused") {
    const who = words.hasDoer(event) ? `${event.actor?.name ?? "Pushback"} ` : "";
    page.announce(`${who}${words.happened(event)} (${event.subject.title})`);
  }
  refresh();
}

function online() {
  isUnheard = false;
  render();
  if (hasEntered) refresh();
  hasEntered = true;
}

function offline() {
  isUnheard = true;
  render();
}

async function moved() {
  if (!location.hash.startsWith("#token=")) return refresh();
  await session.takeFromAddress();
  location.reload();
}

addEventListener("hashchange", moved);
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
addEventListener("online", refresh);
setInterval(render, MINUTE_MS);
await session.takeFromAddress();
await begin();
