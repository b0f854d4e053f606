// Who is signed in: a cookie knows that no script can read. Everything about signing in and out is in this module.

/** What shows the server that a request comes from its own page. */
export const HEADERS = { "x-pushback-client": "1" };

/**
 * Signs in with a token from the address after '#token=', if one stands there. The address is freed of it at once, so
 * that it reaches neither the server's log nor a bookmark; `at=` says where to go on.
 */
export async function takeFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const token = given.get("token");
  if (!token) return;
  history.replaceState(null, "", `${location.pathname}${location.search}#${given.get("at") ?? "/"}`);
  const headers = { ...HEADERS, "content-type": "application/json" };
  await fetch("session", { method: "POST", headers, body: JSON.stringify({ token }) });
}

/** Goes where people sign in; from there they come back to what they wanted to see. */
export function goToSignIn() {
  const wanted = `${location.pathname}${location.hash}`;
  location.replace(`sign-in?next=${encodeURIComponent(wanted)}`);
}

/** Ends the session. */
export async function signOut() {
  await fetch("session", { method: "DELETE", headers: HEADERS });
  goToSignIn();
}
