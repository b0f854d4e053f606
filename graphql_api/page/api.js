// Asking the API, by HTTP. It is the public one: /graphql.

import { HEADERS } from "./session.js";

/** Nobody is signed in, or no longer. */
export class SignedOut extends Error {}

/** The server cannot be reached. */
export class Unreachable extends Error {}

/** The data; raises SignedOut, Unreachable, or an Error with the server's own words. */
export async function ask(query, variables = {}) {
  const answer = await post({ query, variables });
  if (answer.errors?.some((error) => error.extensions?.code === "UNAUTHENTICATED")) throw new SignedOut();
  if (answer.errors) throw new Error(answer.errors.map((error) => error.message).join(" "));
  return answer.data;
}

/** The address of the sockets. */
export function socketAddress() {
  const address = new URL("graphql", document.baseURI);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

async function post(body) {
  let response;
  try {
    response = await fetch("graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...HEADERS },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Unreachable("Pushback cannot be reached.");
  }
  if (response.status === 401) throw new SignedOut();
  try {
    return await response.json();
  } catch {
    throw new Unreachable(`Pushback answered with ${response.status}; try again.`);
  }
}
