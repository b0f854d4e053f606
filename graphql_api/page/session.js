// Who is signed in. Everything that knows how is in this module.

const KEPT_AS = "pushback-token";

/**
 * Takes a token from the address, and says whether there was one. The address is freed of it at once, so that it reaches
 * neither the server's log nor a bookmark.
 */
export function takeFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const token = given.get("token");
  if (!token) return false;
  sessionStorage.setItem(KEPT_AS, token);
  const place = given.get("at") ?? "/";
  history.replaceState(null, "", `${location.pathname}${location.search}#${place}`);
  return true;
}

/** Takes a token that somebody pasted; the first answer shows whether it is honoured. */
export function signIn(token) {
  sessionStorage.setItem(KEPT_AS, token);
}

/** Forgets who is signed in on this tab. */
export function signOut() {
  sessionStorage.removeItem(KEPT_AS);
}

/** Whether it is worth asking the server. */
export function isSignedIn() {
  return sessionStorage.getItem(KEPT_AS) !== null;
}

/** What a request carries. */
export function headers() {
  return { authorization: authorization(), "x-pushback-client": "1" };
}

/** What a socket says first. */
export function connectionParams() {
  return { authorization: authorization() };
}

function authorization() {
  return `Bearer ${sessionStorage.getItem(KEPT_AS) ?? ""}`;
}
