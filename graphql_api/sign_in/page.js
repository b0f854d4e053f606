// Signs in with a token that is typed, or with the invitation in the address after '#', which no server's log sees.
// A link that is only looked at, by a mail scanner for example, is not used up: that takes the button.
"use strict";

const told = document.getElementById("told");
const invited = document.getElementById("invited");
const known = document.getElementById("known");

// Where to go on: a path of this server, never another one.
function next() {
  const wanted = new URLSearchParams(location.search).get("next") || "/";
  const address = new URL(wanted, location.origin);
  return address.origin === location.origin ? address.pathname + address.search + address.hash : "/";
}

async function signIn(form, credential) {
  const button = form.querySelector("button");
  button.disabled = true;
  told.textContent = "";
  try {
    const answer = await fetch("/session", {
      method: "POST",
      headers: { "content-type": "application/json", "x-pushback-client": "1" },
      body: JSON.stringify(credential),
    });
    if (answer.ok) {
      location.replace(next());
      return;
    }
    told.textContent = (await answer.json()).errors[0].message;
  } catch {
    told.textContent = "The server does not answer; try again.";
  }
  button.disabled = false;
}

// Also when a second link is opened in the same tab: then only what stands after '#' changes.
function takeCode() {
  const code = location.pathname === "/join" ? location.hash.slice(1) : "";
  if (!code) return;
  history.replaceState(null, "", location.pathname);
  invited.hidden = false;
  known.hidden = true;
  told.textContent = "";
  invited.onsubmit = (event) => {
    event.preventDefault();
    signIn(invited, { code });
  };
}

known.onsubmit = (event) => {
  event.preventDefault();
  signIn(known, { token: document.getElementById("token").value.trim() });
};
window.addEventListener("hashchange", takeCode);
takeCode();
