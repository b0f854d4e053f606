// How operations reach the server and answers come back: one function that asks, one that follows.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import type { TypedDocumentString } from "./gql/graphql";

type Document<Result, Variables> = TypedDocumentString<Result, Variables>;

/** The request itself failed; `code` says how. What the rules refuse is data, and never thrown. */
export class Failed extends Error {
  constructor(readonly code: string, message: string) {
    super(`${code}: ${message}`);
  }
}

export function connect(url: string, token: string) {
  const authorization = `Bearer ${token}`;
  const sockets = createClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl: WebSocket, // a browser has one already: leave this line out there
    connectionParams: { authorization },
    keepAlive: 10_000,
    retryAttempts: 0, // follow() does it, after the last position it has seen
  });

  async function ask<Result, Variables>(document: Document<Result, Variables>, variables: Variables): Promise<Result> {
    const answer = await fetch(url, {
      method: "POST",
      headers: { authorization, "content-type": "application/json", accept: "application/graphql-response+json" },
      body: JSON.stringify({ query: String(document), variables }),
    });
    const { data, errors } = await answer.json();
    if (errors) throw new Failed(errors[0].extensions.code, errors[0].message);
    return data;
  }

  /** Everything after a position, each once and in order, across lost connections and restarts of the server. */
  async function* follow<Result, Variables extends Record<string, unknown>>(
    document: Document<Result, Variables & { after: number }>,
    variables: Variables,
    start: number,
    positionOf: (told: Result) => number,
  ): AsyncGenerator<Result> {
    let after = start;
    let waitMilliseconds = 250;
    for (;;) {
      try {
        const payload = { query: String(document), variables: { ...variables, after } };
        for await (const { data, errors } of sockets.iterate<Result>(payload)) {
          if (errors?.[0]) throw new Failed(String(errors[0].extensions?.code), errors[0].message);
          if (!data) continue;
          after = positionOf(data);
          waitMilliseconds = 250;
          yield data;
        }
        return;
      } catch (problem) {
        if (!isPassing(problem)) throw problem;
        await new Promise((resolve) => setTimeout(resolve, waitMilliseconds * (0.5 + Math.random())));
        waitMilliseconds = Math.min(2 * waitMilliseconds, 10_000);
      }
    }
  }

  return { ask, follow, sockets };
}

export type Wire = ReturnType<typeof connect>;

/** Whether it may go better later: a lost connection may, what the server closed with 4400 to 4499 will not. */
function isPassing(problem: unknown): boolean {
  if (problem instanceof Failed) return problem.code === "UNAVAILABLE";
  const code = (problem as { code?: unknown }).code;
  return typeof code !== "number" || code < 4400 || code > 4499;
}
